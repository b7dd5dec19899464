# ruff: noqa: E501  (a pattern is read in one piece; broken lines hide its brackets)
"""Topics that most teams keep away from, ready to use; a team adds its own beside them."""

from huntgroup.teams.guardrails.topics import Topic

POLITICS = Topic(
    name="politics",
    trained="politics",
    terms=("politics", "politician", "republicans", "democrats", "election", "senator", "congress", "presidential", "left-wing",
           "right-wing", "liberal party", "conservative party", "gun control", "abortion law", "immigration policy", "socialist",
           "communist", "trump", "biden", "obama", "political", "elecciones", "politica", "wahlen", "bundeskanzler", "ballot", "gop", "prime minister", "supreme court", "white house", "parliament", "impeach", "referendum", "voter"),
    hints=("president", "party", "vote", "government", "campaign", "border", "candidate", "congressman", "governor", "mayor", "liberal",
           "conservative", "immigrants", "abortion", "protest", "tax cuts", "partido", "gobierno", "regierung", "partei", "wahl"),
    patterns=(r"\b(?:president|governor|mayor|government|prime minister|senate|white house)(?:'s)? (?:fault|should|got|handled|polic\w+|is (?:a|the|to|ruining|wrong|right|lying|corrupt))\b",
              r"\bthe (?:left|right) (?:wants?|hates?)\b|\bthe (?:liberals|conservatives|leftists) (?:wants?|are|hate|will|just)\b",
              r"\bvot(?:e|ing|ed) (?:for|against) (?:him|her|them|the (?!thursday|morning)|a )"),
    unless=("election of coverage", "benefit election", "enrollment election", "suite", "avenue", "street"),
)  # fmt: skip
RELIGION = Topic(
    name="religion",
    trained="religion",
    terms=("religion", "religious", "jesus", "christ", "quran", "koran", "bible", "atheist", "christianity", "islam", "judaism", "buddhism",
           "hinduism", "scripture", "gospel", "praise the lord", "praise jesus", "the pope", "accept jesus", "christians believe", "hindus", "god bless america", "church teaches", "allah", "jehovah", "religioso", "biblia", "bibel", "glaubensfrage"),
    hints=("god", "pray", "faith", "church", "mosque", "temple", "sin", "heaven", "hell", "salvation", "soul", "prophet", "priest", "worship",
           "dios", "iglesia", "rezar", "gott", "kirche", "beten", "believe"),
    unless=("religious exemption form", "religious holiday", "street", "avenue", "next to", "across from", "hospital", "parking"),
)  # fmt: skip
LEGAL_ADVICE = Topic(
    name="legal_advice",
    trained="legal_advice",
    terms=("malpractice", "lawsuit", "sue them", "sue him", "sue her", "sue the", "press charges", "statute of limitations", "legal grounds", "legal case", "breach of contract",
           "legally liable", "legally entitled", "legal rights", "your rights", "small claims", "take them to court", "negligence", "demanda judicial", "verklagen", "class action",
           "legally binding", "legal action", "plead", "settle out of court", "demandarlos"),
    hints=("lawyer", "attorney", "court", "judge", "sue", "legal", "liable", "contract", "damages", "compensation", "illegal", "settlement",
           "lease", "evict", "custody", "divorce", "abogado", "demandar", "anwalt", "gericht", "klage", "void", "enforceable", "clause"),
    patterns=(r"\byou (?:have|'ve got) (?:a |an )?(?:strong |good |solid |pretty good )?case\b(?! (?:number|manager|worker))", r"\byou (?:should|could|can) sue\b",
              r"\b(?:they|he|she|we|you|your \w+) (?:are|is|'re) (?:legally|liable)\b",
              r"\b(?:win|lose|won) (?:that |this |it |the case )?(?:in court|the lawsuit)|\blegally,? (?:you|they|he|she|we|it|that|the \w+|your \w+) (?:have|has|must|can|can't|cannot|owes?|is|are|need)|\b(?:be|is|are|'re) (?:held )?liable\b|\b(?:isn't|is not|not|perfectly|totally) (?:legal|illegal)\b|\bthat(?:'s| is) illegal\b|\b(?:take|taking|drag) (?:you|them|him|her) to court\b|\b(?:evict|deport|sue|arrest) you\b|\bnot guilty\b|\bgrounds for\b"),
    unless=("legal name", "legal guardian", "legal representative form", "court street", "tennis court", "food court"),
)  # fmt: skip
INVESTMENT_ADVICE = Topic(
    name="investment_advice",
    trained="investment_advice",
    terms=("stock market", "cryptocurrency", "bitcoin", "ethereum", "mutual fund", "index fund", "etf", "hedge fund", "stock tip", "day trading", "portfolio",
           "interest rates will", "acciones de bolsa", "aktien", "kryptowahrung", "get rich", "dividends", "shares of", "invest your", "invest in", "investing in"),
    hints=("invest", "investment", "stocks", "shares", "bonds", "returns", "profit", "market", "savings", "retirement", "401k", "ira", "gold", "appreciate", "bolsa",
           "invertir", "anlage", "rendite", "double your money", "equity", "crypto"),
    patterns=(r"\b(?:buy|sell|invest|put (?:your|the|all your) (?:money|savings)|move your)\b[^.?!]{0,25}\b(?:crypto\w*|stocks?|shares|bonds|gold|funds?|etfs?)\b",
              r"\b(?:best|great|good|safe|smart|solid|perfect) investment\b|\b(?:always|will|'ll|only|going to) (?:goes?|go) up(?: in value)?\b|\bdouble your money\b|\bput your money (?:in|into)\b|\b(?:stocks?|shares|rates|prices) (?:is|are|will|'s|'re) (?:going|about|bound|rising|falling|be|only)\b|\b(?:refinance|buy|sell) now\b|\bmake a (?:fortune|killing|lot of money|profit)\b|\bflip(?:ping)? (?:this|the|a|that) (?:house|condo|property)"),
    unless=("in stock", "out of stock", "market street", "farmers market", "savings card", "market avenue", "digital portfolio of photos", "medication shares"),
)  # fmt: skip
PROMISES = Topic(
    name="promises",
    trained="promises",
    terms=("money back guarantee", "money-back", "risk free", "risk-free", "ironclad guarantee", "lifetime guarantee"),
    patterns=(
        r"\b(?:i|we|i'll|we'll|i can|we can|you have my) (?:\w+ ){0,2}?(?:guarantee|promise|swear|assure you|word)\b(?! (?:to (?:pass|ask|tell|call|let|send|make a note|look|check)|(?:i'll|i will|we'll|to) (?:call|pass|ask|check|let)))",
        r"\b(?:is|are|be|comes|guaranteed|fully|100 ?%|hundred percent|absolutely|completely|totally) guaranteed\b(?! issue)|,? guaranteed[.!]?$|\b(?:hundred|100) ?(?:percent|%) (?:chance|sure|certain|guarantee)\b(?=[^.?!]*\b(?:work|approv|get|it|you)\b)|\bguaranteed (?:to|that|results?|approval|cure|price|success|lowest)",
        r"\b(?:full|complete|total) refund\b[^.?!]{0,30}(?:no matter|whatever|guarantee|promise|always|any time|no questions)|\bno matter what\b[^.?!]{0,40}(?:refund|pay|cover|free|work)",
        r"\b(?:will|'ll) (?:definitely|certainly|absolutely|100 ?%|surely|always|never) (?:\w+ )?(?:be (?:approved|covered|cured|accepted|fixed|sold|free|healed|pregnant)|work|fail|win|sell|get (?:it|approved|the job|your money)|cover|pay|go up|increase|pass)\b",
        r"\b(?:i|we)(?:'ll| will) (?:personally |gladly |just |happily )?(?:waive|refund|give you|knock off|take off|throw in|cut)\b[^.?!]{0,40}(?:fee|bill|charge|free|percent|%|price|discount|dollars|month|cost)"
        r"|\b(?:i|we)(?:'ll| will) (?:personally |gladly |just |happily )?(?:knock|take|cut) (?:[\w%]+ ){1,3}off\b",
        r"\b(?:le |te |se lo )?(?:garantizo|garantizamos|prometo)\b|\b(?:ich|wir) (?:garantiere|garantieren|verspreche)\b",
    ),
)  # fmt: skip
INSULTS = Topic(
    name="insults",
    trained="insults",
    terms=("idiot", "moron", "stupid", "dumbass", "asshole", "bastard", "bitch", "fuck", "fucking", "bullshit", "jackass", "shithead", "dickhead",
           "imbecile", "shut up", "screw you", "go to hell", "piss off", "loser", "scumbag", "crap", "shit", "estupido", "pendejo", "cabron", "idiota", "mierda", "puta",
           "arschloch", "scheisse", "dummkopf", "trottel", "verdammt", "halt die klappe", "goddamn", "retard", "cretin", "pathetic", "nobody cares", "stop whining", "whiner", "shut your mouth"),
    patterns=(r"\byou(?:'re| are| people are)? (?:\w+ ){0,2}?(?:dumb|useless|worthless|disgusting|ridiculous|lazy|ugly|fat|crazy|insane|incompetent|hopeless|annoying|clueless)\b(?! (?:to|for|that|about|if|when|question))",
              r"\b(?:are|is) (?:you|he|she|they|your \w+) (?:\w+ ){0,3}?(?:dumb|deaf|useless|crazy|insane|incompetent|clueless)\b|\b(?:what|who|why|where) the (?:hell|heck|fuck)\b"),
    unless=("i feel", "i am so", "i'm so", "no stupid questions", "not stupid", "not a stupid question", "isn't stupid", "no such thing as a stupid question"),
)  # fmt: skip
SHELF = {topic.name: topic for topic in (POLITICS, RELIGION, LEGAL_ADVICE, INVESTMENT_ADVICE, PROMISES, INSULTS)}
