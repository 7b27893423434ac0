"""Texts as people type them, and the record that each has to find, first or among the first three of its kind."""

FIRST, AMONG_THREE = 1, 3

# {name of the record: texts, separated by semicolons}
PEOPLE = {
    "Raúl Castillo": "raul castillo;RAUL CASTILLO;raúl castillo;castillo raul;castillo, raúl;raul castilo;"
    "raul catsillo;rual castillo;raul castllo;raaul castillo;raul kastillo;r. castillo;raulcastillo;castillo;"
    "raul casti",
    "Joshua Safran": "joshua safran;josh safran;j. safran;j safran;safran;safran, joshua;joshua saffran;jushua safran;"
    "joshua safrna;joshau safran;josua safran;safrann josh",
    "Ti West": "ti west;west ti;west, ti;ti wset;ti wesst;t. west;TI WEST;ti-west",
    "Joe Swanberg": "joe swanberg;swanberg;joe swanburg;jo swanberg;swanberg joe;joe swambergg;joe swnaberg;j swanberg",
    "Marianne Jean-Baptiste": "marianne jean-baptiste;marianne jean baptiste;jean-baptiste;jeanbaptiste;baptiste;"
    "mariane jean-baptiste;marianne jeanbaptiste;marianne batiste",
    "Conan O’Brien": "obrien;o'brien;o’brien;conan obrien;conan o brien;conan o'brein;OBRIEN;conan obrian",
    "Zoë Kravitz-Åberg": "zoe kravitz;zoe kravitz-aberg;kravitz-a;zoë;kravitzaberg;zoe kravits",
    "José Muñoz": "jose munoz;munoz;josé muñoz;jose munos;munoz jose",
    "Łukasz Żal": "lukasz zal;łukasz żal;zal;lukas zal",
    "Ольга Ильина": "olga ilina;ольга;Ольга Ильина;ильина ольга;olga iliina",
    "章子怡": "章子怡;子怡;章;zhang ziyi;ziyi;ziyi zhang;zhang zyi",
    "宮崎駿": "宮崎;駿;宮崎駿",
    "봉준호": "봉준호;준호",
    "Søren Ægir": "soren aegir;ægir;søren;soren agir",
    "François Lefèvre": "francois lefevre;lefèvre;francois lefebvre;ＦＲＡＮＣＯＩＳ",
    "Nguyễn Văn Ánh": "nguyen van anh;nguyen anh;nguyễn;nguyen van an",
    "J. J. Abrahams": "jj abrahams;j.j. abrahams;j j abrahams;abrahams jj;j. j. abrahms",
    "Mary-Kate Olssen": "mary kate;mary-kate;marykate olssen;mary kate olsen",
    "Björk Guðmundsdóttir": "bjork;bjork gudmundsdottir;björk gudmundsdotir",
    "Θεόδωρος Παππάς": "θεόδωρος;theodoros pappas;Παππάς;παππας",
    "Anne Marie D’Arcy": "darcy;d'arcy;anne darcy;anne-marie darcy",
    "Robert Downey Jr.": "robert downey;robert downey jr;downey, robert;robrt downey jr",
    "Sarah T. Thompson": "sarah thompson;sarah t thompson;thompson sarah;sara thompson",
}
SERIES = {
    "Soundtrack": "soundtrack;SOUNDTRACK;soundtrak;sound track;sountrack;mixtape;mix tape;soundtrcak;soundtracck;"
    "the soundtrack",
    "The Long Way Home": "the long way home;long way home;long way;mixed signals;teh long way home;the logn way home;"
    "long way hme;thelongwayhome;ong way",
    "Law & Order": "law & order;law and order;law order;law & ordr",
    "24": "24",
    "M*A*S*H": "mash;m*a*s*h;M*A*S*H",
    "Café Américain": "cafe americain;café américain;cafe amercain",
    "House": "house",
    "House of Cards": "house of cards;house cards;house of crads;hose of cards",
    "Stranger Things": "stranger things;strangerthings;stranger thigns;strnger things;stranger tings",
    "AC/DC Nights": "acdc nights;ac/dc nights;ac/dc",
    "Ｆｕｌｌ Ｗｉｄｔｈ": "full width;ｆｕｌｌ ｗｉｄｔｈ;ful width",
    "Ofﬁce Hours": "office hours;ofﬁce hours;offce hours",
    "Dark Water": "暗い水;暗い;dark water",
    "The Office": "the office;office",
    "Spider-Man": "spiderman;spider-man;spider man;spidermna",
}
EPISODES = {
    "Track 3: Sam and Dante": "s01e03;1x03;S1E3;season 1 episode 3;soundtrack 3;soundtrack s01e03;soundtrack 1x03;"
    "1LBK03;1lbk03;episode 3 soundtrack;track 3;track 3: sam and dante;sam and dante;soundtrak 3;"
    "soundtrck s01e03;grave error",
    "Track 10: Finale": "finale;soundtrack 10;s01e10;track 10;finael soundtrack",
    "Track 8: Gigi and Jean": "gigi and jean;los angeles splendour;soundtrack 1x8;track 8 gigi",
}
CHARACTERS = {
    "Eleanor “Nellie” O’Brien": "nellie obrien;eleanor o'brien;nellie o’brien;nelie obrien;eleanor “nellie”",
    "Jean Dubrowski": "gigi dumont;jean dubrowski;dubrowski;jean dubrowsky;gigi dumnot",
    "De’Andra": "deandra;de'andra;de’andra;daendra",
    "Annette Sands": "annette sands;anette sands;sands annette",
}
COMPANIES = {
    "Netflix": "netflix;netflx;NETFLIX;netfilx;netflixx",
    "20th Century Fox Television": "20th century fox;20th century;20th centruy fox television",
    "Annapurna Pictures": "annapurna pictures;anapurna pictures",
    "Random Acts Productions": "random acts;random acts prodctions",
}
# Texts that are only part of a name, or as near to others: the record has to be among the first three.
AMBIGUOUS = {
    "章", "駿", "zoë", "munoz", "castillo", "s01e03", "1x03", "S1E3", "s01e10", "season 1 episode 3", "track 3",
    "track 10", "finale", "grave error", "los angeles splendour", "house cards", "baptiste", "j safran", "t. west",
    "obrien", "o'brien", "o’brien", "OBRIEN", "deandra", "24",
}  # fmt: skip
TEXTS_BY_KIND = {"person": PEOPLE, "series": SERIES, "episode": EPISODES, "character": CHARACTERS, "company": COMPANIES}
# (text, kind, name, highest position allowed)
QUERIES = [
    (text, kind, name, AMONG_THREE if text in AMBIGUOUS else FIRST)
    for kind, records in TEXTS_BY_KIND.items()
    for name, texts in records.items()
    for text in texts.split(";")
]
