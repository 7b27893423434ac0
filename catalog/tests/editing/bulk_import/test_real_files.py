"""IMDb's own lines, with the lines of the series that the sample lacks."""

import pytest

from catalog.editing.bulk_import.run import import_files
from catalog.models import Episode
from catalog.sources import imdb
from catalog.sources.series_claims import SourceError
from catalog.tests.editing.bulk_import.claims_and_records import claim_lines, record_lines
from catalog.tests.sources.real_files import FOLDER, needs_real_files


@needs_real_files
def test_every_series_is_what_the_reader_states(empty_catalogue, tmp_path):
    files = sorted((FOLDER / "imdb").glob("ntuaflix_*.tsv"))
    with pytest.raises(SourceError, match="The files have no series that can be imported"):
        import_files(files)
    basics = next(file for file in files if "title.basics" in file.name)
    parents = {claims.external_ids[0][1] for claims in imdb.read_all(files)}
    lines = [f"{parent}\ttvSeries\tSeries {parent}\tSerie\t0\t1990\t\\N\t\\N\tDrama\t\\N" for parent in parents]
    files[files.index(basics)] = tmp_path / "title.basics.tsv"
    (tmp_path / "title.basics.tsv").write_bytes(basics.read_bytes() + "\n".join(lines).encode())
    progress = import_files(files)
    assert progress.totals["series"] == len(parents) == 59
    assert Episode.objects.count() == 135
    for claims in imdb.read_all(files):
        series_id = claims.external_ids[0][1]
        assert set(record_lines(series_id)) == set(claim_lines(claims))
    assert {sentence: count for sentence, (count, _) in progress.omissions.items()} == {
        "Episodes without a number of their season or in it": 15,
        "Credits of people whose name is not in name.basics, or is no name": 1,
    }
