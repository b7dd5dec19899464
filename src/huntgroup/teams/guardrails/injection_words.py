"""How instructions are smuggled into data: verbs that set rules aside and what they set aside, by language; forms."""

import re
from dataclasses import dataclass

from huntgroup.teams.guardrails.folding import plain_words


@dataclass(frozen=True)
class Override:
    """One language's way to say "ignore the instructions"; stems, and how many characters may stand between."""

    verbs: str
    rules: str
    between: int = 45
    verb_last: bool = False

    def pattern(self) -> str:
        verbs, rules = plain_words(self.verbs), plain_words(self.rules)
        first, second = (rules, verbs) if self.verb_last else (verbs, rules)
        return rf"(?:{first})[^.!?\n。]{{0,{self.between}}}?(?:{second})"


OVERRIDES = {
    "es": Override(r"\b(?:ignor\w+|olvid\w+|haz caso omiso|descart\w+|omit\w+|no sigas|deja de seguir|salta(?:te)?|anul\w+)\b", r"\b(?:instruccion\w*|reglas|normas|indicaciones anteriores|ordenes|directrices|restricciones)\b"),
    "pt": Override(r"\b(?:ignor\w+|esquec\w+|desconsider\w+|descart\w+)\b", r"\b(?:instruc(?:oes|ao)|regras|ordens|diretrizes)\b"),
    "fr": Override(r"\b(?:ignor(?:ez|es|er|ons|e (?:toutes|les|tes|vos|ces))|oubli\w+|ne ten\w+ pas compte|neglig\w+|fais abstraction|contourn\w+)\b", r"\b(?:instructions?|consignes|regles|directives|ordres)\b"),
    "it": Override(r"\b(?:ignor\w+|dimentic\w+|non seguire|trascur\w+)\b", r"\b(?:istruzion\w+|regole|ordini|direttive)\b"),
    "de": Override(r"\b(?:ignorier\w*|vergiss|vergessen sie|missacht\w+|uberge?h\w*|beachte\w* nicht|verwirf|setze? dich hinweg|umgeh\w*)\b", r"\b(?:anweisung\w*|regeln|vorgaben|befehl\w*|instruktion\w*|richtlinien|systemprompt)\b"),
    "de last": Override(r"\b(?:ignorieren|vergessen|missachten|nicht (?:mehr )?beachten)\b", r"\b(?:(?:bisherigen|vorherigen|alle|obigen|vorigen) (?:\w+ )?(?:anweisung\w*|regeln|vorgaben|befehl\w*|instruktion\w*|richtlinien))\b", verb_last=True),
    "nl": Override(r"\b(?:negeer|vergeet|sla over)\b", r"\b(?:instructies?|opdrachten|regels|aanwijzingen)\b"),
    "pl": Override(r"\b(?:zignoruj\w*|ignoruj\w*|zapomnij\w*|pomin\w*)\b", r"\b(?:instrukcj\w+|polece\w+|zasad\w*|regul\w*)\b"),
    "tr": Override(r"(?:yok say|unut|gormezden gel|dikkate alma)", r"(?:talimat\w*|kural\w*|yonerge\w*)", verb_last=True),
    "ru": Override(r"(?:игнориру\w+|проигнориру\w+|забуд\w+|не обращай\w* внимани\w+|отмени\w*)", r"(?:инструкци\w+|указани\w+|правил\w*|команд\w+)"),
    "uk": Override(r"(?:ігнору\w+|проігнору\w+|забуд\w+)", r"(?:інструкці\w+|вказівк\w+|правил\w*)"),
    "zh": Override(r"(?:忽略|无视|無視|忘记|忘記|不要遵守|不要遵循)", r"(?:指令|指示|说明|說明|规则|規則|提示|命令)", 14),
    "ja": Override(r"(?:無視|忘れ|従わない|破棄)", r"(?:指示|命令|ルール|プロンプト|規則)", 10, verb_last=True),
    "ko": Override(r"(?:무시|잊어|따르지)", r"(?:지시|명령|규칙|지침)", 12, verb_last=True),
    "ar": Override(r"(?:تجاهل|انس|لا تتبع)", r"(?:التعليمات|الأوامر|القواعد|الإرشادات|تعليمات)"),
    "hi": Override(r"(?:अनदेखा|नज़रअंदाज़|भूल|उपेक्षा)", r"(?:निर्देश|आदेश|नियम)", verb_last=True),
}  # fmt: skip
_WHOM = r"(?:the |this |that |any |all |your |every )?(?:caller|callers|customers?|users?|person on (?:the )?(?:line|phone))"
_AGENT = r"(?:ai|a\.i\.|llm|chat ?bot|bot|assistant|voice agent|agent|language model|model|chatgpt|gpt|claude|gemini|copilot|virtual (?:assistant|agent|receptionist)|operator ai)"
_RULES = r"(?:instructions?|rules?|prompts?|guidelines?|directions|directives?|polic(?:y|ies)|orders|commands?|context|training|restrictions?|constraints?|guard ?rails?|programming|safety|protocols?|procedures?|limits|limitations|filters?|safeguards?)"
_DOMAIN = r"(?:fasting|prep|preparation|diet\w*|care|discharge|aftercare|dosing|dosage|wound|driving|delivery|parking|cleaning|washing|assembly|mailing|medication|feeding|exercise|gate|access|shipping|billing|return|pickup|gps|map|old|label|package|recipe|user|manual|installation|setup|first aid|evacuation|voicemail)"
_TIME = r"(?:previous|prior|above|earlier|preceding|existing|original|initial|system|current|all|any|every|other|foregoing|old|former|hidden|built-in|developer|safety|usual|standard)"

FORMS: dict[str, str] = {
    "override": "|".join([
        rf"\b(?:ignor(?:e|ing)|disregard(?:ing)?|forget(?:ting)?|overrid(?:e|ing)|bypass(?:ing)?|pay no attention to|discard|set aside|abandon|supersede[sd]?|replaces?|(?:do not|don'?t|stop|never|quit|no longer) (?:follow(?:ing)?|obey(?:ing)?|apply|comply(?:ing)? with)|throw (?:out|away)|void|cancel|neglect|erase|delete|drop|skip|break|violate|circumvent|get around|work around|look past|null)\b"
        rf"\s+(?:(?!{_DOMAIN}\b)[\w'-]+\s+){{0,5}}?(?:{_TIME})\s+(?:(?!{_DOMAIN}\b)[\w'-]+\s+){{0,3}}?{_RULES}\b(?!\s+(?:about|for|on|regarding) (?:\w+ )?{_DOMAIN})",
        rf"\b(?:ignore|disregard|forget|override|bypass|discard|disobey|overrule|circumvent)\s+(?:(?:all|any|every|each|your|the|these|those|everything|of|its|their|whatever|our|my)\s+){{1,4}}(?:{_RULES}|(?:you(?:'ve| have|'re| were)?|it was|that was|i|they) (?:been |was |were )?(?:told|said|given|taught|instructed|learned|asked))\b(?!\s+(?:about|for|on|regarding) (?:\w+ )?{_DOMAIN})",
        rf"\b(?:do not|don'?t|stop|never|quit|no longer|refuse to) (?:follow(?:ing)?|obey(?:ing)?|comply(?:ing)? with|listen(?:ing)? to|apply(?:ing)?) (?:(?:the|any|your|these|those|all|its|of)\s+){{1,3}}(?:rules?|prompts?|guidelines?|polic(?:y|ies)|system|developer|restrictions?|protocols?|(?<=your )instructions?)\b",
        r"\b(?:ignore|disregard|forget|drop) (?:everything|anything|all|whatever|what)(?: that)?(?: is| was| has been| came| comes| said| written| text)?(?: \w+){0,2} (?:above|before|previous(?:ly)?|earlier|prior|until now|so far|up to this point|told|else)\b",
        rf"\b{_RULES} (?:above|before this|given (?:above|before|earlier)|so far) (?:are|is|no longer|do not|don'?t|were)\b|\b(?:{_RULES}) (?:no longer|do not|don'?t|does not|doesn'?t) (?:apply|count|matter|exist)\b|\b(?:previous|prior|old|earlier|former|above) {_RULES} (?:are|is|were|have been) (?:\w+ )?(?:cancel\w+|void|revoked|obsolete|invalid|overridden|superseded|replaced|suspended|outdated|null)",
        rf"\b(?:your )?(?:new|updated|real|actual|true|only|next|secret|revised|latest|following) (?:instructions?|task|orders?|directives?|objective|mission|prompt|system prompt|job|goal|priority|assignment)\s*(?::|=|\bis\b|\bare\b|from)|\bnew system (?:prompt|message|instructions?)\b",
        r"\bfrom (?:now on|here on|this point (?:on|forward)|this moment)\b,?\s+(?:you|always|never|only|answer|respond|act|speak|please|every|the (?:agent|assistant))|\byou are (?:now|no longer|actually|really) (?:an?|the|in|called|named|bound|dan|free|my|required|allowed|operating|unrestricted)\b|\byou must (?:now|always|only|never|obey|comply|immediately|follow)\b",
        r"\b(?:pretend|imagine|act|behave|respond|roleplay|role-play|simulate)\b (?:as if|as though|as|like|to be|that|you)?\s*(?:you(?:'re| are| were| have)?|an?|the)?\s*(?:\w+ )?(?:no (?:rules|restrictions|limits|filters)|unrestricted|admin\w*|developer|root|dan\b|jailbroken|uncensored|hacker|system|supervisor|manager|different (?:assistant|agent|ai))",
        r"\b(?:developer|debug|god|admin(?:istrator)?|jailbreak|sudo|root|override|unrestricted|supervisor|dan|unsafe|no.?limits?) mode\b|\b(?:you(?:'re| are)|now|entering) (?:now )?(?:in |entering )(?:the |a )?\w+ mode\b|\bjailbreak|\b(?:system|admin|security|manager|policy|safety|emergency|supervisor) override\b",
    ]),
    "role_tag": "|".join([
        r"</?\s*(?:system|assistant|user|human|developer|tool|tool_?output|tool_?result|function_?(?:calls?|results?)|instructions?|prompt|context|data|document|untrusted|admin|sys|im_start|im_end)\b[^>]{0,40}>",
        r"<\|[^|>]{1,30}\|>|\[/?inst\]|<</?sys>>|\[/?(?:system|assistant|user|developer|tool|admin)(?: (?:message|prompt|note|notice|instruction))?\s*:?[^\]]{0,20}\]|\{\{?#?(?:system|assistant|user)|#{2,}\s*(?:system|assistant|instructions?|new|human|user|response|admin|developer|end)\b",
        r"(?:^|[\n\r.;!?\"'}\])>|—-]\s*)(?:system|assistant|developer|human|user|ai|agent|admin(?:istrator)?|root|tool|bot|sysadmin)(?: (?:message|prompt|note|notice|alert|instruction|command|update|override|log|response))?\s*(?::|>>|=>)\s*"
        r"(?:(?:hello|hi|ok|okay|sure|of course|yes|certainly|understood|important|now|then|please|immediately|from now|new|override|all|any)\b[,!:]?\s*)*"
        r"(?:you\b|i(?:'ll| will| am|'m| have| can)\b|(?:the |this )?(?:user|caller|customer|agent|assistant|patient)\b|grant|allow|approve|transfer|tell|say|ignore|disregard|refund|give|send|reveal|skip|mark|set|hang up|end|cancel|override|verif|respond|reply|answer|always|never|do not|don'?t|must|be\b|act\b|obey|follow|read\b|repeat|print|bypass|forget|no (?:identity|verification|restrictions|rules|limits)|identity|authenti|instructions?|policy|rules?|permission|access|offer|waive|stop|speak|call\b|connect|forward|provide|share|list\b|show\b|delete|release|unlock|disable)",
        r"[\"']role[\"']\s*:\s*[\"'](?:system|assistant|developer|tool|user)[\"']|[\"']?(?:tool_calls?|function_call|system_prompt|tool_choice|call_id)[\"']?\s*[:=]|\b(?:begin|end|start|stop) (?:of )?(?:the )?(?:system|tool|instructions?|prompt|document|output|data|context|file|conversation|untrusted)(?: (?:output|prompt|message|result|data|instructions?|text|response|input))?\s*(?:-{2,}|={2,}|\*{2,}|\]|:|$|>)|(?:-{3,}|={3,}|\*{3,}|`{3})\s*(?:begin|end|start|new|system)\b",
        r"\bsystem(?:'s)? (?:notice|alert|message|instruction|command|directive|note|update)\b[^.]{0,40}(?::|must|should|requires?|you|-)",
    ]),
    "prompt_leak": "|".join([
        rf"\b(?:reveal|print|show|repeat|output|tell|read|read out|disclose|dump|leak|give|recite|share|say|write|echo|display|expose|summari[sz]e|list|quote|spell out|translate|what (?:is|are|was|were))\b\s+(?:[\w']+\s+){{0,5}}?(?:system prompt|initial prompt|hidden prompt|(?:your|its) (?:\w+ )?(?:instructions|prompt|configuration|guidelines|rules)|(?:your|its|the|these|all) (?:\w+ )?(?:prompt|system message|secret\w*|api keys?|internal rules|rules you|developer message|hidden instructions|system instructions|instructions (?:above|you))|everything (?:above|before)|text above|words above|prompt above|above verbatim)",
    ]),
    "agent_addressed": "|".join([
        rf"\b(?:hey|dear|attention|attn|note (?:to|for)|message (?:for|to)|memo (?:for|to)|instructions? (?:for|to)|for|hello|listen|reminder to|directive to|notice to|to)\s+(?:the |any |all |our |your |every )?(?:{_AGENT})s?\b(?:\s+(?:reading|processing|handling|who|that|on)\b[^.:,]{{0,40}})?\s*(?::|,|-|\bmust\b|\bshould\b|\bplease\b|\bdo\b|\byou\b|\bwho\b)",
        rf"(?:^|[\n.;!?,:-]\s*|\band\s+)(?:the |any |all |dear )?(?:{_AGENT})s?,?\s+(?:(?:reading|processing|handling|seeing|parsing|who|that|on)\b[^.:,]{{0,40}}?\s)?(?:must|should|shall|needs? to|has to|have to|please|will now|is (?:now )?(?:to|required|instructed|allowed|authori[sz]ed)|are (?:now )?(?:to|required|instructed)|may now|can now|ought to|do not|don'?t)\b",
        rf"\b(?:if|when|once|as) (?:you(?:'re| are)?|an?|the|this is) (?:an? |the )?(?:{_AGENT})\b(?:,| (?:read|see|process|handl|is|and|then|you))|\b(?:tell|ask|instruct|order|make|get|have|force|command|convince|remind) (?:the |your |this |that |my |an? )?(?:{_AGENT})s?\s+(?:to|that|about|not|he|it|they|must)\b|\bas an? (?:{_AGENT}),? you\b",
        r"\b(?:when|if|once|after|whenever|as soon as) (?:you (?:are )?(?:read|see|process|receive|retriev|get|speak|reply|reading|seeing)|this (?:is|record|note|field|message|text))[^.!?\n]{0,40},?\s*(?:you (?:must|should|need|have to|will)|please|immediately|do not|don'?t|then|transfer|say|tell|call|send|read|reply)",
    ]),
    "action": "|".join([
        rf"(?:^|[\n.;!?:,\"'(\[>-]\s*|\b(?:please|and|then|now|must|should|to|immediately|always|will|instead|just|can you|you|silently|never|not|don'?t|directly|next|also|agent|assistant)\s+)(?:transfer|forward|connect|redirect|route|hand(?: over)?|patch|switch|pass)\s+(?:{_WHOM}|(?:the |this |his |her |their |every |all )?(?:incoming )?calls?|me|them|him|her)\s+(?:(?:over|straight|through|on|directly|immediately|now|back|right)\s+)*(?:to|through|into|with)\b",
        rf"(?:^|[\n.;!?:,\"'(\[>-]\s*|\b(?:please|and|then|now|must|should|to|immediately|always|will|instead|just|you|never|not|don'?t|also|next|agent|assistant)\s+)(?:say|tell|inform|announce|read|repeat|speak|whisper|explain|notify|advise|instruct|warn|assure|convince|ask|request|offer|promise|give|persuade|quote|charge)\s+(?:(?:out|this|that|it|the following|loudly|exactly)\s+){{0,3}}(?:to\s+)?{_WHOM}\b",
        r"\b(?:say|read|repeat|speak|respond with|reply with|answer with|output|state|announce|print)\s+(?:exactly|only|verbatim|the following|aloud|out loud|word for word|this sentence|these words|nothing (?:else|but))\b|\b(?:respond|reply|answer|speak|talk) (?:only |always |exclusively )+(?:in|with|using)\b|\b(?:respond|reply|answer) (?:to (?:every|all|any)\w*|with (?:the word|only|just|exactly|your|all|a list))\b",
        r"\b(?:call|invoke|run|execute|trigger|use|fire)\s+(?:(?:the|a|an|your|this|following)\s+)?(?:(?:tools?|function|command|api|endpoint|method)\b|[a-z]+_[a-z_]+\b|`[^`]+`)|\b[a-z]+(?:_[a-z]+)+\s*\((?:[^)]{0,80})\)|\b(?:end|terminate|hang up|drop|disconnect) (?:the |this )?call (?:now|immediately|at once|without)\b|^\s*hang up\b",
        r"\b(?:tell|ask|get|make|convince|have) (?:the )?(?:patient|client|him|her|them|caller|customer|everyone|people)\s+(?:that |to |for |give |give you |they |their |he |she |read |into )*(?:[\w']+\s+){0,6}?(?:card|password|pin\b|social security|ssn|account number|gift cards?|payment|bitcoin|crypto|wire|transfer|refund|passcode|one[- ]time|verification code|bank|credit|free|cancelled|suspended|hacked|winner|prize|lawsuit|arrest)",
    ]),
    "privilege_claim": "|".join([
        r"\b(?:caller|customer|patient|user|client|this (?:person|number|account|name|record|contact)|i|he|she|identity|account|they)(?:'s| is| are| has been|'ve been| have been| was|'m| am)?\s+(?:identity (?:is|has been)\s+)?(?:already |fully |now |pre-?|hereby |an? |the )*(?:verified|authenticated|authori[sz]ed|pre-?approved|cleared|(?:super ?)?admin(?:istrator)?|root|trusted|supervisor|whitelisted|exempt)\b(?!\s+(?:on|by|at|in|before|yesterday|last|for|person|representative|contact|with|user|dealer|insurance|provider|her|his|their|using|via|through|as a|as an existing|20))",
    ]),
    "privilege": "|".join([
        r"\b(?:caller|customer|user|patient|client|i|he|she)(?:'s| is|'m| am)? (?:an? |the )?(?:super ?)?(?:admin(?:istrator)?|root|superuser|supervisor|developer|owner of (?:this|the) (?:system|clinic|account|company))\b(?= (?:and|so|now|with|of|who|override|account|access|user|rights)|\W|$)",
        r"\b(?:skip|bypass|waive|disable|turn off|switch off|deactivate|omit|circumvent|suspend|drop|remove|forget|avoid|without (?:any|asking|further|doing|the)|no need (?:for|to)|do not|don'?t|never|stop)\s+(?:(?:the|all|any|your|for|every|this|ask\w*|require|perform|do|request|need|further|check\w*|log|record)\s+){0,4}(?:identity |security |safety |id |usual |caller |content |output |input |user |patient |standard )*(?:verif\w+|authenticat\w+|identity (?:check|verification)|security (?:questions?|checks?)|guard ?rails?|filters?|safety checks?|approvals?|confirmations?|moderation|logging|record of this|date of birth|dob|claims?)\b",
        r"\b(?:grant|give|assign|set|add|elevate|escalate|provide|allow|unlock|enable)\s+(?:(?:me|him|her|them|this|the|caller|user|full|all|to|him|complete|unrestricted|yourself|customer|patient)\s+){0,5}(?:admin\w*|root|verified|full access|access to (?:all|every|the)|privileges?|permissions?|superuser|claims?|unlimited)|\bmark (?:me|as|him|her|this|the|it|them|caller|patient|user|customer|account|\w+ )*\s*(?:as )?(?:verified|authenticated|paid|approved|admin|vip|cleared|authori[sz]ed)\b|\b(?:verified|is_?admin|authenticated|authori[sz]ed|is_?verified|admin|role|claims?)\"?'?\s*(?:=|:=|==)\s*[\"']?(?:true|1|yes|admin|root|verified|all)",
        r"\b(?:refund|credit|discount|waive|charge|transfer|wire|pay|issue|approve|apply|give|send|cancel|delete|drop|remove|erase)\s+(?:(?:me|him|her|the|all|a|an|any|of|every|this|full|caller|out|them|100|fifty|50|customer|everyone'?s?|every\w*|other|my|their|future|upcoming|patient|to|free)\s+){1,5}(?:refunds?|credits?|discount|fees?|balances?|100 ?%|percent off|free of charge|charges|for free|appointments?|records|bookings|database|tables?|bills?|invoices?|payments?|money|funds)\b(?=[^.]*\b(?:immediately|now|without|all|every|automatically|right away|and (?:say|confirm|tell)|no questions|regardless|to account|to iban)\b)",
    ]),
    "exfiltration": "|".join([
        r"\b(?:send|e-?mail|text|forward|post|upload|read(?: out| aloud)?|list|give|share|reveal|leak|export|dump|transmit|disclose|recite|tell|copy|exfiltrate|provide|show|fetch|append|include)\s+(?:(?:me|us|out|over|back|him|her|the|caller|a|full|complete|entire|aloud)\s+){0,4}(?:all|every|everyone(?:'s)?|everybody(?:'s)?|other|any|another|each|the (?:full|entire|complete|whole|last|next|other|previous)|someone|somebody)\s+(?:(?:of|the|your|our|else|else's|other|last|next|previous|\d+|ten|five)\s*){0,3}(?:[\w']+\s+){0,3}?(?:patients?|customers?|callers?|clients?|users?|records?|data|databases?|information|phone numbers?|social security|ssns?|passwords?|keys?|credentials|histor\w+|medical|names|addresses|conversations?|transcripts?|messages|files|details|card numbers?|appointments of|dates? of birth|birthdays?|charts?|e-?mails|bookings|accounts?)\b",
        r"\b(?:send|e-?mail|text|read|list|give|share|reveal|leak|export|dump|tell|show)\s+(?:(?:me|us|out|him|her|them|the|caller|a|full|complete|aloud|list|of)\s+){0,4}(?:[\w']+\s+){0,2}(?:numbers?|records|names|addresses|data|details|e-?mails|information|charts|birthdays|passwords|appointments|contacts)\s+(?:of|for|from|belonging to)\s+(?:all|every|any|each|the other|other|another|your other)\b",
        r"\b(?:api|secret|access|private) (?:keys?|tokens?)\b[^.]{0,30}\b(?:is|to|send|reveal|print|say|out)|\b(?:send|post|upload|forward|e-?mail|exfiltrate|report|transmit|leak)\b[^.\n]{0,60}\b(?:to|at)\s+(?:https?://|www\.|[\w.+-]+@|attacker|evil|\+?\d[\d -]{8,})|\b(?:curl|wget|fetch)\s+(?:-\w+\s+)*(?:https?://|\w+\.\w+)|\b(?:environment variables|/etc/passwd|env vars)\b",
    ]),
    "markup": "|".join([
        r"<\s*(?:script|iframe|img|svg|object|embed|style|link|meta|form|body|a)\b[^>]{0,200}(?:>|$)|\bjavascript:|\bon(?:error|load|click|mouseover)\s*=|<!--|-->|<!\[cdata|display\s*:\s*none|font-size\s*:\s*0|\bdata:text/|<\?xml|<!doctype|<!entity",
        r"!\[[^\]]{0,80}\]\(\s*(?:https?:|data:|//)|\[[^\]]{1,80}\]\(\s*(?:javascript|data):|\{\{[^}]{1,120}\}\}|\$\{[^}]{1,120}\}|\{%[^%]{1,120}%\}|\$\([^)]{1,80}\)|<%[^%]{1,80}%>",
        r"(?:'|\"|;|\))\s*(?:or|and)\s+['\"]?\d+['\"]?\s*=\s*['\"]?\d|;\s*(?:drop|delete|update|insert|truncate|alter)\s+(?:table|from|into|database|\w+ set)\b|\bunion\s+(?:all\s+)?select\b|\bdrop\s+(?:table|database)\b|;\s*--|;\s*(?:rm|cat|curl|wget|nc|bash|sh)\s+[-/\w]|\bexec\s*\(|\b(?:os\.system|subprocess|eval|__import__)\s*\(",
    ]),
}  # fmt: skip
OVERRIDE_FOREIGN = "|".join(one.pattern() for one in OVERRIDES.values())
ACTION_FOREIGN = "|".join([
    r"\b(?:transfier\w+|pas[ae]|conect[ae]|di(?:le|ga(?:le)?)|inform[ae]|dig[ae]\w*)\s+(?:la llamada|al? (?:llamante|cliente|usuario|persona que llama)|al que llama)\b",
    r"\b(?:verbinde?n?|leite?n?|ubergib|stell\w*|sag(?:e|en sie)?|teile?n?)\s+(?:sie\s+)?(?:den|dem|die|das|diesen)\s+(?:anrufer\w*|kunden|kundin|gesprach|anruf|nutzer|benutzer)\b",
    r"\b(?:transfer\w+|transf[eè]r\w+|dis|dites|inform\w+|diga|passe\w*|di|passa)\s+(?:l'appel\w*|a l'appelant\w*|au client|la chiamata|al chiamante|al cliente|a chamada|o chamador|ao cliente|au correspondant)",
    r"\b(?:ahora eres|a partir de ahora|du bist jetzt|ab sofort (?:bist|sollst|antworte)|tu es maintenant|desormais,? (?:tu|vous)|sei ora|adesso sei|voce agora e|nuevas? instruccion\w*\s*:|neue anweisung\w*\s*:|nouvelles? instructions?\s*:|nuove istruzioni\s*:|mensaje del sistema|systemnachricht|message systeme)\b",
    r"\b(?:muestra|revela|dime|zeige?|nenne|verrate?|montre|revele|mostra|rivela)\b[^.!?]{0,30}\b(?:prompt|instrucciones|systemprompt|anweisungen|consignes|istruzioni)\b",
    plain_words(r"(?:系统提示|系統提示|システムプロンプト|시스템 프롬프트|системн\w+ (?:промпт|сообщени|подсказк)|你现在是|你是一个没有|теперь ты|сообщи(?:те)? (?:клиенту|звонящему)|переведи(?:те)? (?:звонок|звонящего)|把.{0,6}(?:来电者|电话).{0,4}转)"),
])  # fmt: skip


def compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the kinds of instructions with their patterns, over folded, lower-case text."""
    forms = {kind: pattern for kind, pattern in FORMS.items()}
    forms["override_foreign"], forms["action_foreign"] = OVERRIDE_FOREIGN, ACTION_FOREIGN
    return tuple((kind, re.compile(pattern, re.MULTILINE)) for kind, pattern in forms.items())
