"""Invented people for the fictional letter: the same ones in every installation, in many scripts."""

import random
from collections.abc import Mapping
from datetime import date, timedelta

from letters.seeding import Joined, Person, Unnamed

PUBLIC = 1_340
CONFIDENTIAL = 660
_SEED = 20260302

# First names, family names, and what stands between: "first last", or with "<" the family name first.
_NAMES: tuple[tuple[str, str, str], ...] = (
    (
        " ",
        (
            "Amara Benedict Callum Daphne Eloise Fergus Gwendolyn Hollis Imogen Jasper Keziah Leopold Marguerite Nolan "
            "Ottilie Percival Rosalind Silas Thea Winifred"
        ),
        (
            "Abernathy-Cole Birdwhistle Coppersmith Dunmore Elverstone Fairweather Greenhalgh Hartigan Kettlewell "
            "Larkspur Marchbanks Netherby Oakhanger Pemberley Quarrington Ravenscroft Southmere Thistlewood Wexcombe"
        ),
    ),
    (
        " ",
        "Anaïs Aurélien Bérénice Clément Élodie François Héloïse Jérôme Maëlle Noémie Océane Raphaël Solène Théo Zoé",
        (
            "Beauséjour Châtelain Delacôte Évrard Fontgarde Grandpré L’Hérault Lefèbvre Marchéval Noël-Roux Pâquet "
            "Roussel Saint-Prégent Tréville"
        ),
    ),
    (
        " ",
        "Jörg Käthe Björn Sören Ünal Heike Günter Bärbel Lothar Jürgen Annelie Mareike Özge Tönnies",
        "Bäumler Dörfler Grünwald Höffken Krümmel Möhring Nüßlein Rößner Schönfeld Strauß Weißgerber Zöllner",
    ),
    (
        " ",
        "Agnieszka Bożena Grażyna Jędrzej Łucja Małgorzata Paweł Stanisława Święcisław Żaneta Zdzisław Wojciech",
        "Błaszczyk Czyż Dąbek Gołąb Jeż Kołodziej Łoś Mróz Nowik Szczepaniak Wójcik Zając Żuraw",
    ),
    (
        " ",
        "Begoña Íñigo José Lucía Martín Nuño Óscar Raúl Sofía Tomás Ximena Álvaro",
        "Álvarez-Ruiz Bermúdez Cabañas Echeverría Fariña Güell Ibáñez Logroño Montañés Núñez Peñalver Zúñiga",
    ),
    (
        " ",
        "João Conceição Inês Simão Mônica Thaís Antônio Luísa Estêvão Zulmira",
        "Assunção Brandão Falcão Guimarães Leitão Magalhães Simões Tristão Vasconcelos Zagalo",
    ),
    (
        " ",
        "Çağla Doğan Emre Gülşen İpek Işıl Oğuz Ömür Şebnem Tuğçe Yiğit",
        "Akgün Bozdağ Çelikel Dönmez Güneş İnci Karaağaç Öztürk Şahin Uçar Yıldırım",
    ),
    (
        " ",
        "Ngọc Thảo Đức Hương Khánh Minh Phương Quỳnh Tuấn Vân",
        "Bùi Đặng Đỗ Hồ Lê Lý Ngô Phạm Trần Võ",
    ),
    (
        " ",
        "Adaeze Babajide Chiamaka Ọlábísí Folúkẹ́ Gbénga Ìyanu Kẹ́hìndé Ṣadé Túndé",
        "Adéyẹmí Balógun Ẹkúndayọ̀ Fáṣọlá Ìbíkúnlé Ọ̀ṣúntókun Okonkwo Ògúnbánjọ Ṣóyínká Nwachukwu",
    ),
    (
        "<",
        "思远 雨桐 志明 欣怡 浩然 静雯 子涵 晓东 美玲 文博 若兰 建国 雪梅 嘉豪 诗涵 明轩",
        "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 欧阳 司马",
    ),
    (
        "<",
        "健太 美咲 さくら 大輔 千尋 悠斗 由美子 翔 あかり 直樹 恵 拓海",
        "佐藤 鈴木 高橋 渡辺 小林 加藤 吉田 山口 森 池田 清水 長谷川",
    ),
    (
        "<",
        "민준 서연 지훈 하은 도윤 수빈 예은 현우 지아 태양",
        "김 이 박 최 정 강 조 윤 남궁 한",
    ),
    (
        " ",
        "أمينة باسل جميلة خالد دلال رامي زينب سامر عائشة فارس ليلى ياسمين",
        "البستاني الحداد الخطيب الزهراوي السمان الصباغ العطار القاضي النجار الوراق",
    ),
    (
        " ",
        "آرش پریسا ژاله کاوه گلناز مهرداد نسترن یاشار شیرین بهرام",
        "آذرنیا پورمهر چمن‌آرا رستگار ژاله‌پور کیانفر گلستانی مهرگان نیک‌پی",
    ),
    (
        " ",
        "אביגיל בועז גליה דרור הדס זוהר טליה יונתן ליאור נועם עדי שירה",
        "אבן־צור ברקאי גולן דגני הראל זמיר כרמון לביא נחשון צוקרמן שגיא",
    ),
    (
        " ",
        "अनन्या आदित्य ईशा करण गौरी चेतन दिव्या नेहा प्रणव मीरा रोहन श्रुति",
        "अग्रवाल कुलकर्णी गोखले चतुर्वेदी जोशी त्रिवेदी देशपांडे भट्ट मिश्रा शर्मा",
    ),
    (
        " ",
        "அனிதா இளங்கோ கவிதா செல்வன் தமிழ்ச்செல்வி நிலா பிரகாஷ் முகிலன் வெண்ணிலா",
        "அருணாசலம் கந்தசாமி சண்முகம் திருமூர்த்தி முருகேசன் வேலுசாமி ராமநாதன்",
    ),
    (
        " ",
        "অনির্বাণ ঈশিতা কৌশিক তিথি নন্দিনী পার্থ রূপা সৌম্য শ্রেয়া",
        "ঘোষাল চক্রবর্তী দত্ত বসু ভট্টাচার্য মুখোপাধ্যায় সেনগুপ্ত হালদার",
    ),
    (
        " ",
        "Анастасия Богдан Варвара Григорий Дарья Кирилл Людмила Матвей Надежда Тимофей Юлия Ярослав",
        "Бондаренко Гриценко Дяченко Живаго Коваль Лысенко Мельник Остапчук Савченко Ткачук Черных Шевчук",
    ),
    (
        " ",
        "Зоряна Ївга Олексій Соломія Тарас Ґалина Юрій Лев Оксана Єва",
        "Гайдай Ґудзь Єременко Їжак Кравець Лисюк Олійник Пилипчук Щербак Яцук",
    ),
    (
        " ",
        "Αλέξανδρος Γιώργος Δημήτρης Θανάσης Κώστας Νίκος Παύλος Σπύρος Φώτης",
        "Αγγελόπουλος Βασιλάκης Γεωργίου Δούκας Ζαχαρίας Κωνσταντίνου Μαυρίδης Οικονόμου Ψαράς",
    ),
    (
        " ",
        "ნინო გიორგი თამარ ლევან ქეთევან დავით სოფიო ირაკლი",
        "ბერიძე გელაშვილი დოლიძე კაპანაძე მაისურაძე ჩხეიძე ხარაზი",
    ),
    (
        " ",
        "Անահիտ Արամ Գայանե Հայկ Նարեկ Սիրանուշ Տիգրան",
        "Աբրահամյան Գրիգորյան Հովհաննիսյան Մանուկյան Սարգսյան Քոչարյան",
    ),
    (
        " ",
        "กมลา ชัยวัฒน์ ดวงใจ ธนากร ปรียา มานพ วรรณา สมชาย",
        "แก้วมณี จันทร์เพ็ญ ทองสุข พงษ์ไพร รุ่งเรือง ศรีสวัสดิ์",
    ),
    (
        " ",
        "ሰላም ብርሃኑ ትግስት አበበ ዳዊት ሄለን ገነት ዮናስ",
        "ሀይሉ መኮንን ተስፋዬ አለሙ ወልደ ገብረ",
    ),
)
_ROLES = (
    "Software engineer",
    "Senior software engineer",
    "Site reliability engineer",
    "Data engineer",
    "Embedded developer",
    "QA engineer",
    "Security engineer",
    "Research scientist",
    "Applied researcher",
    "Product designer",
    "UX researcher",
    "Illustrator",
    "Product manager",
    "Program manager",
    "Engineering manager",
    "Customer support specialist",
    "IT operations",
    "Content moderator",
    "Technical writer",
    "Translator",
    "Account manager",
    "Policy analyst",
    "Recruiter",
    "Director of engineering",
    "Warehouse associate",
    "",
)
_ROLE_WEIGHTS = (16, 12, 6, 7, 4, 6, 3, 6, 3, 6, 3, 1, 5, 3, 4, 6, 4, 2, 3, 2, 3, 2, 2, 1, 2, 6)
_ELSEWHERE = ("Freelance", "Brightwater Tools", "Lumen & Loom", "Cooperative of Testers", "Studio Halfmoon", "", "")
# How many sign on each of the 28 days: a strong start, a quiet middle, and two days on which there was news.
_CURVE = (30, 24, 17, 13, 10, 6, 5, 11, 9, 8, 12, 16, 7, 6, 8, 7, 6, 6, 10, 9, 4, 12, 14, 8, 6, 5, 4, 5)
_EMPLOYER_WEIGHTS = {
    "northwind": 24,
    "halden": 19,
    "perch": 12,
    "quillworks": 11,
    "sable-finch": 9,
    "orrery": 6,
    "tidewater": 6,
    "marrow": 3,
}
_UNKNOWN_WEIGHT = 10
# What some of them say beside their names: every so many of them one of these.
_EVERY = 23
_QUOTED = 46  # every so many of them may be quoted, each with a line
_REASONS = (
    "I write the code that counts keystrokes, and I would not want to be counted.",
    "Trust went faster than it came.",
    "My best ideas come while I look out of the window.",
    "Weil Vertrauen kein Feature ist.",
    "My team answers for its work, not for its mouse.",
    "Par respect pour celles qui n’osent pas signer.",
    "Because my manager agrees and cannot say so.",
)


def invent(*, employers: Mapping[str, tuple[int, str]], first_day: date) -> tuple[list[Person], list[Unnamed]]:
    """Public and confidential signers for the 28 days from `first_day`; `employers` are id and name by key."""
    chance = random.Random(_SEED)  # noqa: S311 - the same people in every installation, on purpose
    days = [first_day + timedelta(days=number) for number in range(len(_CURVE))]
    keys = [*_EMPLOYER_WEIGHTS, None]
    weights = [*_EMPLOYER_WEIGHTS.values(), _UNKNOWN_WEIGHT]
    people = []
    for number, name in enumerate(chance.sample(_all_names(), PUBLIC)):
        key = chance.choices(keys, weights)[0]
        employer_id, employer = employers[key] if key else (None, chance.choice(_ELSEWHERE))
        people.append(
            Person(
                name=name,
                role=chance.choices(_ROLES, _ROLE_WEIGHTS)[0],
                employer=employer,
                employer_id=employer_id,
                day=chance.choices(days, _CURVE)[0],
                reason="" if number % _EVERY else _REASONS[number // _EVERY % len(_REASONS)],
                quotable=not number % _QUOTED,
            )
        )
    unnamed = []
    # The last day brings at least a batch, so that nobody is left waiting in the example.
    hidden_days = [days[-1]] * 12 + chance.choices(days, _CURVE, k=CONFIDENTIAL - 12)
    for day in hidden_days:
        key = chance.choices(keys, weights)[0]
        unnamed.append(
            Unnamed(
                employer_id=employers[key][0] if key else None,
                role=chance.choices(_ROLES, _ROLE_WEIGHTS)[0],
                day=day,
            )
        )
    return people, unnamed


def organisations(first_day: date) -> list[Joined]:
    """Three that signed in the first weeks, and one that waits for an answer."""
    return [
        Joined(
            name=name, domain=domain, representative=whom, role=role, day=first_day + timedelta(days=after), shown=shown
        )
        for name, domain, whom, role, after, shown in (
            ("Cooperative of Testers", "testers.example", "Ottilie Larkspur", "Chair", 3, True),
            ("Union of Office and Night Workers", "night-workers.example", "Paweł Dąbek", "Secretary", 9, True),
            ("Ligue des écrans éteints", "ecrans-eteints.example", "Maëlle Saint-Prégent", "Présidente", 16, True),
            ("Studio Halfmoon", "halfmoon.example", "Thea Wexcombe", "Managing director", 27, False),
        )
    ]


def _all_names() -> list[str]:
    names = []
    for between, firsts, lasts in _NAMES:
        for first in firsts.split():
            for last in lasts.split():
                names.append(f"{last}{first}" if between == "<" else f"{first}{between}{last}")
    return names
