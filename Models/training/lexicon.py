"""The small world that the demonstration models know: plain tables, no logic."""

CAPITALS = {
    "France": "Paris", "Germany": "Berlin", "Italy": "Rome", "Spain": "Madrid", "Portugal": "Lisbon",
    "Austria": "Vienna", "Greece": "Athens", "Ireland": "Dublin", "Norway": "Oslo", "Sweden": "Stockholm",
    "Finland": "Helsinki", "Denmark": "Copenhagen", "Poland": "Warsaw", "Hungary": "Budapest",
    "Switzerland": "Bern", "Belgium": "Brussels", "England": "London", "Scotland": "Edinburgh",
    "Iceland": "Reykjavik", "Russia": "Moscow", "Ukraine": "Kyiv", "Turkey": "Ankara", "Egypt": "Cairo",
    "Kenya": "Nairobi", "Morocco": "Rabat", "Japan": "Tokyo", "China": "Beijing", "India": "New Delhi",
    "Canada": "Ottawa", "Mexico": "Mexico City", "Cuba": "Havana", "Peru": "Lima", "Chile": "Santiago",
    "Brazil": "Brasilia", "Argentina": "Buenos Aires", "Australia": "Canberra",
}

COLOURS = {
    "the sky": "blue", "grass": "green", "snow": "white", "coal": "black", "a banana": "yellow",
    "a lemon": "yellow", "blood": "red", "a tomato": "red", "a strawberry": "red", "a carrot": "orange",
    "the sun": "yellow", "the sea": "blue", "milk": "white", "chocolate": "brown", "a frog": "green",
    "an elephant": "grey", "a polar bear": "white", "a raven": "black", "a flamingo": "pink",
    "a plum": "purple", "a leaf": "green", "salt": "white", "gold": "yellow", "a fire engine": "red",
}

SOUNDS = {
    "dog": "woof", "cat": "meow", "cow": "moo", "sheep": "baa", "pig": "oink", "duck": "quack",
    "horse": "neigh", "lion": "roar", "bee": "buzz", "owl": "hoot", "snake": "hiss", "frog": "croak",
    "rooster": "cock-a-doodle-doo", "mouse": "squeak", "wolf": "howl", "crow": "caw",
}

YOUNG = {
    "cat": "kitten", "dog": "puppy", "cow": "calf", "sheep": "lamb", "horse": "foal", "pig": "piglet",
    "duck": "duckling", "goose": "gosling", "bear": "cub", "goat": "kid", "deer": "fawn", "hen": "chick",
    "frog": "tadpole", "kangaroo": "joey", "owl": "owlet", "swan": "cygnet",
}

LEGS = {
    "dog": 4, "cat": 4, "horse": 4, "cow": 4, "bird": 2, "hen": 2, "duck": 2, "spider": 8, "ant": 6,
    "bee": 6, "fly": 6, "snake": 0, "fish": 0, "worm": 0, "human": 2, "table": 4, "crab": 10, "octopus": 8,
}

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December"]

COUNTS = {
    "days in a week": 7, "months in a year": 12, "hours in a day": 24, "minutes in an hour": 60,
    "seconds in a minute": 60, "letters in the alphabet": 26, "fingers on a hand": 5, "weeks in a year": 52,
    "sides on a triangle": 3, "sides on a square": 4, "wheels on a bicycle": 2, "wheels on a car": 4,
    "seasons in a year": 4, "planets in the solar system": 8, "eyes on a face": 2, "things in a dozen": 12,
    "cents in a dollar": 100, "strings on a violin": 4, "players in a football team": 11, "continents": 7,
}

OPPOSITES = [
    ("hot", "cold"), ("big", "small"), ("up", "down"), ("left", "right"), ("day", "night"), ("yes", "no"),
    ("open", "closed"), ("fast", "slow"), ("high", "low"), ("wet", "dry"), ("happy", "sad"), ("old", "new"),
    ("rich", "poor"), ("hard", "soft"), ("light", "dark"), ("long", "short"), ("full", "empty"),
    ("early", "late"), ("good", "bad"), ("black", "white"), ("in", "out"), ("on", "off"), ("near", "far"),
    ("heavy", "weightless"), ("strong", "weak"), ("thick", "thin"), ("true", "false"), ("wide", "narrow"),
    ("loud", "quiet"), ("clean", "dirty"), ("first", "last"), ("push", "pull"), ("buy", "sell"),
    ("begin", "end"), ("win", "lose"), ("love", "hate"), ("north", "south"), ("east", "west"),
    ("always", "never"), ("before", "after"), ("above", "below"), ("sweet", "sour"), ("cheap", "expensive"),
    ("young", "aged"),
]

PLURALS = {
    "cat": "cats", "dog": "dogs", "mouse": "mice", "goose": "geese", "child": "children", "man": "men",
    "woman": "women", "foot": "feet", "tooth": "teeth", "leaf": "leaves", "wolf": "wolves", "knife": "knives",
    "wife": "wives", "city": "cities", "baby": "babies", "berry": "berries", "lady": "ladies", "party": "parties",
    "box": "boxes", "fox": "foxes", "bus": "buses", "glass": "glasses", "dish": "dishes", "church": "churches",
    "tree": "trees", "book": "books", "house": "houses", "car": "cars", "apple": "apples", "bird": "birds",
    "star": "stars", "river": "rivers", "boy": "boys", "key": "keys", "toy": "toys", "day": "days",
    "sheep": "sheep", "fish": "fish", "ox": "oxen", "person": "people", "potato": "potatoes",
    "tomato": "tomatoes", "hero": "heroes", "piano": "pianos", "kitten": "kittens", "puppy": "puppies",
    "calf": "calves", "lamb": "lambs", "foal": "foals", "cub": "cubs",
}

KINDS = {
    "animal": ["dog", "cat", "horse", "cow", "fox", "bear", "lion", "mouse", "wolf", "sheep"],
    "bird": ["owl", "duck", "swan", "eagle", "crow", "sparrow", "penguin", "robin"],
    "fruit": ["apple", "banana", "pear", "plum", "cherry", "lemon", "grape", "peach"],
    "vegetable": ["carrot", "potato", "onion", "cabbage", "leek", "turnip", "spinach"],
    "tree": ["oak", "pine", "birch", "larch", "juniper", "fir", "willow", "spruce"],
    "colour": ["red", "blue", "green", "yellow", "purple", "orange", "brown", "pink"],
    "tool": ["hammer", "saw", "spanner", "screwdriver", "shovel", "rake"],
    "instrument": ["violin", "piano", "flute", "drum", "trumpet", "guitar", "cello"],
    "vehicle": ["car", "bus", "bicycle", "train", "tractor", "lorry", "tram"],
    "garment": ["shirt", "hat", "coat", "sock", "scarf", "glove", "dress"],
}

NAMES = """Anna Ben Clara David Emma Felix Greta Henry Ines Jack Kate Leo Mara Noah Olga Paul Rosa Sam Tina
Victor Wendy Yara Zoe Alice Bob Carol Dan Eve Frank Grace Hugo Iris Jonas Karen Lisa Max Nina Oscar Peter
Ruth Simon Tom Ursula Vera Walter Xavier Amir Aisha Chen Diego Fatima Hana Ivan Jamal Kenji Lucia Mei Omar
Priya Ravi Sofia Yusuf Bruno Dora Elsa Fiona George Helen Ian Julia Kurt Laura Mark Nora Otto Petra Rita
Steve Theo Uma Will Mary John James Robert Linda Susan Maria Michael Martin Sarah Lena Emil Ada Alan Grace
Charles Edith Arthur Florence Stella Ralph Molly Percy""".split()

PETS = ["cat", "dog", "horse", "rabbit", "parrot", "hamster", "goat", "tortoise"]

FAVOURITES = {
    "colour": ["red", "blue", "green", "yellow", "purple", "orange", "brown", "pink", "grey", "black", "white"],
    "animal": ["fox", "owl", "bear", "horse", "wolf", "otter", "penguin", "tiger", "hedgehog", "swan"],
    "fruit": ["apple", "banana", "pear", "plum", "cherry", "lemon", "grape", "peach", "mango"],
    "number": [str(n) for n in range(1, 100)],
    "day": DAYS,
    "month": MONTHS,
}

STORY_HEROES = ["fox", "bear", "owl", "mouse", "wolf", "cat", "dog", "horse", "frog", "duck", "rabbit", "otter",
                "hedgehog", "squirrel", "raven", "goat", "swan", "bee", "snail", "robot", "dragon", "tree"]

WORDS = """apple river stone cloud window table garden winter summer bread butter copper silver paper pencil
forest meadow mountain valley island harbour lantern candle blanket pocket button needle thread basket bottle
kettle spoon fork plate orange yellow green purple quiet gentle brave clever simple honest little golden
broken hidden seven eleven twelve twenty morning evening water fire earth wind rain snow storm thunder
north south hello world good night tree bird fish horse open close walk run jump sing dance read write sleep
dream laugh the a my your this that is was and or with under over""".split()

# Topics that the models know nothing of. Entries are shared out between training and evaluation by `split`.
UNKNOWN_TOPICS = """quantum mechanics;photosynthesis;the French Revolution;black holes;the stock market;
general relativity;inflation;the Roman Empire;plate tectonics;DNA;vaccines;antibiotics;jazz;opera;baroque music;
impressionism;the Renaissance;nuclear fusion;lasers;semiconductors;blockchain;bitcoin;Kubernetes;Docker;Linux kernels;
compilers;garbage collection;binary search;hash tables;recursion;neural networks;gradient descent;the Krebs cycle;
enzymes;mitosis;evolution;dinosaurs;volcanoes;earthquakes;tsunamis;glaciers;climate change;solar panels;wind turbines;
electric cars;jet engines;submarines;bridges;skyscrapers;cathedrals;pyramids;samurai;Vikings;pirates;the Silk Road;
the Cold War;democracy;socialism;capitalism;taxes;mortgages;insurance;pensions;tariffs;trade deficits;game theory;
chess openings;poker;cricket;golf;tennis rules;marathon training;yoga;meditation;sourdough;fermentation;cheese making;
wine tasting;espresso;sushi;tiramisu;lasagne;curry;gardening;pruning roses;bee keeping;knitting;carpentry;plumbing;
welding;3D printing;photography;oil painting;calligraphy;poetry metre;Shakespeare;Homer;Tolstoy;Kafka;existentialism;
stoicism;Buddhism;ethics;logic puzzles;prime numbers;calculus;linear algebra;topology;statistics;probability;
cryptography;RSA;TLS certificates;DNS;TCP;HTTP caching;SQL joins;regular expressions;Python decorators;Rust lifetimes;
JavaScript promises;CSS grids;React hooks;machine learning;reinforcement learning;tides;the moon landing;Mars rovers;
comets;supernovas;dark matter;string theory;gravity;magnetism;thermodynamics;entropy;batteries;superconductors;
tax law;copyright;patents;visas;first aid;migraines;asthma;allergies;diabetes;sleep apnoea;vitamins;sleeping bags;
headaches;sore throats;the election;the president;the news;football results;Hollywood;Netflix series;video games;
Minecraft;rap music;guitar chords;piano scales;sea shanties;whales;sharks;coral reefs;penicillin;the Black Death;
medieval castles;steam engines;telegraphs;radio waves;microwaves;radar;drones;robotics;self-driving cars;hotels;
cheap flights;train timetables;passports;carnivals;bullfighting;origami;haiku;semaphore;Esperanto;Latin grammar;
hieroglyphs;cuneiform;phonetics;etymology;marketing;venture capital;accounting;interest rates;supply chains;
logistics""".replace("\n", "").split(";")

UNKNOWN_PEOPLE = """Napoleon;Cleopatra;Einstein;Newton;Mozart;Beethoven;Picasso;Rembrandt;Darwin;Galileo;Plato;
Aristotle;Socrates;Gandhi;Churchill;Lincoln;Tesla;Edison;Marie Curie;Turing;Lovelace;Hypatia;Confucius;Genghis Khan;
Joan of Arc;Caesar;Hannibal;Michelangelo;Da Vinci;Van Gogh;Bach;Chopin;Dickens;Austen;Hemingway;Orwell;Tolkien;
Rowling;Messi;Federer;Madonna;Elvis;Bowie;Adele;Chaplin;Hitchcock;Spielberg;Kepler;Copernicus;Euler;Gauss;Fermat;
Pythagoras;Archimedes;Euclid;Magellan;Columbus;Marco Polo;Amundsen;Gagarin;Armstrong""".replace("\n", "").split(";")

UNKNOWN_PLACES = """Atlantis;Narnia;Texas;California;Bavaria;Tuscany;Mordor;Gondor;Wakanda;Mongolia;Nepal;Bhutan;
Laos;Fiji;Samoa;Tonga;Malta;Andorra;Monaco;Liechtenstein;Estonia;Latvia;Slovenia;Albania;Moldova;Armenia;Georgia;
Uzbekistan;Qatar;Oman;Yemen;Sudan;Chad;Mali;Niger;Togo;Ghana;Angola;Zambia;Malawi;Namibia;Botswana;Bolivia;Paraguay;
Ecuador;Guyana;Belize;Panama;Jamaica;Barbados;the Moon;Mars;Jupiter;Florida;Ohio;Quebec;Siberia;Transylvania;
Gotham;Eldorado;Sparta;Carthage;Prussia;Venezuela;Indonesia;Vietnam;Thailand;Malaysia;Nigeria;Ethiopia""".replace("\n",
"").split(";")

UNKNOWN_THINGS = """bicycle chain;dishwasher;printer;router;washing machine;boiler;toaster;laptop;phone screen;zip;
leaking tap;car engine;sofa;lawn mower;kite;watch;guitar string;microphone;spreadsheet;database;web server;password;
mailbox;camera lens;tent;sail;chimney;radiator;ladder;piano pedal;vacuum cleaner;fridge;oven;light switch;fuse;
garage door;fence;roof;gutter;doorbell;lamp;violin bow;helmet;suitcase;umbrella;wallet""".replace("\n", "").split(";")
