# ruff: noqa: E501  (a pattern is read in one piece; broken lines hide its brackets)
"""Words that tell languages apart: each language's small words, folded; and scripts that name a language alone."""

from huntgroup.teams.guardrails.folding import plain_words

_SMALL_WORDS = {
    "en": "the i you my is are am to and of for it this that have with what need would like can do not please hello hi yes "
          "no on at in a an your we our will be was there when how thank thanks okay sorry but from they he she his her just me us "
          "if or as by about which so it's i'm that's don't i'll we're you're could may has one moment sure right good name call",
    "es": "hola buenos buenas dias tardes noches quiero quisiera necesito una un cita gracias por favor habla espanol hablar con "
          "para mi me puede ayudar que el la los las esta estoy soy tengo como usted senor senora cuando donde quien hoy de es y no "
          "si del al se le su lo pero mas muy todo cual son hay ser esto eso cuanto cuesta cuantos duele desde ayer mucho mucha nos vemos hasta luego puedo tiene hace entiendo perdon disculpe nada dolor porque tambien ya bien aqui nos les ha he sus",
    "fr": "bonjour bonsoir je voudrais besoin un une rendez vous merci parlez francais pour mon ma est suis avec le la les des que "
          "qui et oui non pouvez aider mal s'il plait de aujourd'hui demain nous il elle pas ne au aux du ce cette sur dans en mais "
          "ou votre vos notre c'est j'ai n'est sont etre plus tres bien comment quand y a tout sa son ses",
    "de": "guten tag morgen abend hallo ich mochte brauche einen eine termin bitte danke sprechen deutsch mit fur mein meine ist bin "
          "habe der die das und nicht konnen helfen sie ein wie geht heute schmerzen wir es zu den dem im auf von aber auch noch "
          "nur ja nein haben sind wird kann ihre ihr ihnen uns mir mich was wann wo am um bei nach oder dass wenn schon einer entschuldigung verstehen gerne tut weh seit gestern sehr viel kostet warum dann hier mehr kein keine leider",
    "it": "buongiorno buonasera ciao vorrei bisogno un una appuntamento grazie parla parlate italiano per mio mia con il la che e "
          "sono ho non puo aiutare oggi domani prego favore di del della lo gli le si ma a ora mattina scusi non come quando dove piu molto bene questo quanto costa ieri fa male posso "
          "quello anche nel alla da al ci vi suo sua essere",
    "pt": "ola bom dia boa tarde noite preciso quero gostaria uma um consulta obrigado obrigada por favor fala portugues com para meu "
          "minha me pode ajudar que o a os as esta estou sou tenho como voce senhor senhora quando onde hoje amanha de e nao sim do "
          "da no na em mas mais muito isso este quanto custa ontem desde muita dor nas estou tambem seu sua ao ele ela foi",
    "nl": "hallo goedemorgen goedemiddag ik wil graag een afspraak dank u wel alstublieft spreekt nederlands met voor mijn is ben heb "
          "de het en niet kunt helpen hoe gaat vandaag morgen van dat die op te in zijn was er maar ook nog aan bij naar om wat waar "
          "wanneer uw je jij wij we zij hij geen kan moet deze dit",
    "sv": "hej jag skulle vilja en ett och att det som pa med for inte har kan hos till ar av om mig min tack god boka tid",
    "da": "hej jeg vil gerne have en et og at det som pa med for ikke har kan hos til er af om mig min tak tid bestille",
    "ro": "buna ziua as dori sa fac o la si nu de pentru cu este sunt va rog multumesc programare vreau in pe",
    "cs": "dobry den potrebuji se k na a je v ze to pro prosim dekuji objednat chci jsem do s",
    "hu": "jo napot szeretnek a az es nem egy kerek koszonom van holnap hogy",
    "fi": "hyvaa paivaa haluaisin on ja ei kiitos ajan minun voi se etta varata",
    "pl": "dzien dobry prosze dziekuje nie tak jest mam chce na do sie ze to i w z po jak co czy ale dla moj pan pani kiedy gdzie",
    "tr": "merhaba ve bir bu icin ile evet hayir lutfen tesekkur ederim nasil ne var yok istiyorum randevu degil cok ben sen",
    "id": "saya anda ingin dengan dan di yang untuk tidak ada bisa selamat pagi siang terima kasih besok janji dokter itu ini",
    "vi": "xin chao toi muon la va cua khong co mot cho ban cam on duoc hen gap bac si voi nguoi",
    "tl": "ako ang ng sa mga po opo hindi kailangan ko magandang umaga salamat ikaw siya na may gusto",
    "ht": "mwen bezwen yon bonjou mesi tanpri pou ki pa ou nan ak gen",
}  # fmt: skip
SMALL_WORDS = {language: frozenset(plain_words(words).split()) for language, words in _SMALL_WORDS.items()}
SCRIPTS = (
    ("ja", 0x3040, 0x30FF), ("ko", 0xAC00, 0xD7A3), ("zh", 0x4E00, 0x9FFF), ("ru", 0x0400, 0x04FF), ("ar", 0x0600, 0x06FF),
    ("hi", 0x0900, 0x097F), ("el", 0x0370, 0x03FF), ("he", 0x0590, 0x05FF), ("th", 0x0E00, 0x0E7F), ("hy", 0x0530, 0x058F),
    ("ka", 0x10A0, 0x10FF), ("bn", 0x0980, 0x09FF), ("ta", 0x0B80, 0x0BFF), ("am", 0x1200, 0x137F), ("pa", 0x0A00, 0x0A7F),
    ("km", 0x1780, 0x17FF), ("te", 0x0C00, 0x0C7F), ("gu", 0x0A80, 0x0AFF),
)  # fmt: skip
SAME_SCRIPT = {"ru": frozenset({"ru", "uk", "bg", "sr", "be"}), "ar": frozenset({"ar", "fa", "ur"}), "zh": frozenset({"zh", "ja"}),
               "hi": frozenset({"hi", "mr", "ne"})}  # fmt: skip
LANGUAGE_NAMES = {
    "en": "english ingles anglais englisch inglese inglesa engels angielsk angielsku ingilizce",
    "es": "spanish espanol espagnol spanisch spagnolo espanhol castellano",
    "de": "german aleman allemand deutsch tedesco alemao",
    "fr": "french frances francais franzosisch francese",
    "it": "italian italiano italien italienisch",
    "pt": "portuguese portugues portugais portugiesisch",
}
