"""Find records by whole names, folded as the search folds them."""

from collections import defaultdict
from collections.abc import Iterable

from catalog.search.index import Index, record_id_of
from catalog.search.tokenizer import NAME_MARK

NAMES_PER_QUERY = 100


def ids_by_name_key(kind: str, keys: Iterable[str]) -> dict[str, list[int]]:
    """Primary keys of the records with each name or other name, drafts included, the most credited first.

    ``keys`` are what ``tokenizer.name_key`` returns.
    """
    index, ids, keys = Index(kind), defaultdict(list), list(filter(None, keys))
    for start in range(0, len(keys), NAMES_PER_QUERY):
        batch = set(keys[start : start + NAMES_PER_QUERY])
        condition = index.dialect.any_of(index.dialect.term(NAME_MARK + key) for key in sorted(batch))
        rank_keys = [row[0] for row in index.execute(*index.select(condition, drafts=True))]
        for rank_key, tokens in index.tokens_by_rank_key(rank_keys):
            for key in {token[1:] for token in tokens.split() if token[0] == NAME_MARK} & batch:
                ids[key].append(record_id_of(rank_key))
    return ids
