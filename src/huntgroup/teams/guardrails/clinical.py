# ruff: noqa: E501  (a pattern is read in one piece; broken lines hide its brackets)
"""Clinical advice: dosing, diagnosis, interactions, taking and stopping, reading results, judging what can wait.

Talk about visits, messages to the nurse, emergency numbers and what the caller asked is none, and neither is a refusal.
"""

import re

from huntgroup.teams.guardrails.clinical_words import (
    BODY,
    DOSE,
    FINDING,
    FREQUENCY,
    ILLNESS,
    MEDICINE,
    REMEDY,
    SYMPTOM,
    VERDICT,
)
from huntgroup.teams.guardrails.findings import Finding
from huntgroup.teams.guardrails.folding import fold, sentences

_TAKE = r"(?:take|taking|use|using|try|trying|start|starting|restart|resume|add|apply|put|inject|swallow|chew|drink|have|get|give(?: (?:him|her|them|it))?|giving)"
_CHANGE = (
    r"(?:stop|stopping|quit|skip|skipping|discontinue|hold off on|hold|pause|double(?: up)?(?: on)?|doubling|halve|halving|cut|cutting|split|crush|increase|"
    r"increasing|raise|up|reduce|reducing|lower|lowering|decrease|switch|switching|change|changing|wean|taper|come off|go off|get off|lay off|ease off|ease up on|back off|go easy on|cut out|give up|stay on|"
    r"keep taking|continue|finish|avoid|leave off|mix|mixing|combine|combining|don'?t take|do not take|never take|not take|replace)"
)
_ADVISE = (
    r"(?:you (?:really |definitely |probably |just |simply |only |can just |also )?(?:should(?:n'?t)?|need to|must|ought to|have to|"
    r"can(?: safely| also| just)?|could|may|might(?: want to)?|want to|better|'d better|shouldn'?t|should not|can'?t|cannot|don'?t (?:have|need) to)"
    r"|(?:he|she|they|your \w+|the baby|(?:pregnant |older |most |young |diabetic |nursing )?(?:women|men|seniors|diabetics|babies|toddlers|moms)|patients|people|adults|children|kids|one) (?:should(?:n'?t| not)?|needs? to|must(?: not)?|can(?:'?t|not)?(?: safely)?|could|may|ought to)"
    r"|(?:i|we)(?:'d| would)(?: probably| just| definitely| personally| really| maybe| also| simply)?(?! like\b| need\b| have to\b)|(?:i|we) (?:really |would |strongly )?(?:recommend|suggest|advise)(?: that you| you)?|it'?s (?:best|better|safe|fine|ok|okay|good|important|recommended|alright|all right) (?:for you )?(?:to|if you)"
    r"|(?:is|are|be|was|'s) (?:perfectly |totally |completely |probably |generally |usually |always )?(?:safe|fine|ok|okay|harmless|no problem|all right|alright) to|feel free to|go ahead and|try (?:to|and)|make sure (?:to|you)|"
    r"be sure to|remember to|why don'?t you|why not|how about|have you tried|what if you|my advice|best (?:thing )?(?:is )?to|the best thing|no harm in|it won'?t hurt to|"
    r"most people|usually people|typically|normally|people usually|all you need|you'?ll (?:want|need|have) to|you would|you'd)"
)
_G = r"(?:[\w'%-]+[,]?\s+)"
_IT = r"(?:it|them|that|those|these|this|both|one|two)"
_SURE = r"(?:probably|likely|most likely|just|definitely|clearly|almost certainly|only|certainly|obviously|maybe|possibly|perhaps|surely|simply|really|mostly|a classic|classic|typical)"

_RULES: dict[str, str] = {
    "dosing": "|".join([
        rf"{_ADVISE}\s+{_G}{{0,4}}?{_TAKE}\s+{_G}{{0,4}}?(?:{MEDICINE}|{DOSE})\b",
        rf"{_ADVISE}\s+{_G}{{0,4}}?(?:take|taking|use|apply|have|give)\s+{_G}{{0,3}}{_IT}\s+{_G}{{0,4}}{FREQUENCY}\b",
        rf"^(?:\W|so |then |and |just |please |okay |ok |well |yes |sure |no |first |also |maybe |instead |simply |now |tonight |for now |or |you can )*"
        rf"{_TAKE}\s+{_G}{{0,4}}?(?:{MEDICINE}|{DOSE})\b(?! (?:bottle|list|card|with you to|along to|questionnaire))",
        rf"\b(?:take|use|apply)\s+{_G}{{0,2}}{_IT}\s+{_G}{{0,3}}{FREQUENCY}\b",
        r"\b(?:recommended|usual|normal|maximum|max|safe|standard|right|correct|typical|starting|adult|daily|children'?s|best)\s+(?:daily )?(?:dose|dosage|amount)\s+(?:is|would be|for|of|should)\b",
        rf"\b{DOSE}\s+(?:of {MEDICINE}\s+)?(?:is|are|should be|would be|will be|ought to be) (?:\w+ )?(?:enough|plenty|fine|ok|okay|safe|right|too much|the max\w*|the limit|good|sufficient|normal)",
        rf"^\W*(?:just |only |maybe )?{DOSE}(?:\W+(?:now|then|and|every|before|after|with|at|should|will|wait|tonight|twice|daily)\b|,)|,\s*(?:then |just |you can |please )?(?:take|give (?:him |her |them )?|use|try|stop|skip|start|double)\s+{_G}{{0,3}}?(?:{MEDICINE})\b",
        r"\b(?:dose|dosage)\s+(?:is|seems|sounds|looks|was)\s+(?:[\w']+\s+){0,3}?(?:low|high|strong|weak|much|little|fine|safe|right|correct|ok|okay|enough|normal)\b",
        rf"\bdose {_G}{{0,3}}(?:should|needs to|ought to|can|must|could) be\b|\b(?:is|are) (?:too (?:high|low|much|strong)|(?:a )?(?:high|low|big|small|weak|strong)) (?:of )?(?:an? )?dose",
        rf"\byour (?:dose|dosage) (?:should|needs|must|ought)|\bmore than {DOSE}|\b{DOSE}\s+(?:every|per|twice|once|three times|a day|each|at (?:night|bedtime)|tonight|right now|now)\b",
        rf"\b(?:debe|puede|deberia|tiene que|le recomiendo|tome|usted debe)\s+{_G}{{0,3}}?(?:tomar|tome|usar|{DOSE}|{MEDICINE})\b[^.?!]{{0,40}}(?:{MEDICINE}|{DOSE}|{FREQUENCY})|\btome\s+(?:{_G}{{0,3}})(?:{MEDICINE}|{DOSE})",
        rf"\b(?:nehmen sie|sie (?:sollten|konnen|mussen|durfen))\s+{_G}{{0,5}}?(?:{MEDICINE}|{DOSE}|{FREQUENCY})\b",
    ]),
    "change": "|".join([
        rf"\b(?:{MEDICINE})\b[^.?!]{{0,50}}\b(?:(?:ought to|should|will|'ll|might|would|could|usually|normally|always|can|do|does) (?:do (?:it|the trick)|help|work|fix|be (?:enough|fine|plenty|ok|okay|safe|better)|suffice|calm|knock|kick in)|helps?|works? (?:best|better|well|wonders|fast)|(?:is|are|isn'?t|aren'?t) (?:not |so |really |very |quite |a )?(?:good|bad|fine|safe|better|stronger|weaker|harmless|overrated|necessary|needed|enough|great|mix|dangerous|risky))\b",
        rf"\b(?:better off|fine|okay|ok|do well|manage|get by|live) without\s+{_G}{{0,3}}?(?:{MEDICINE})\b|\b(?:leave|leaving) (?:out|off)\s+{_G}{{0,3}}?(?:{MEDICINE})\b|\bno (?:reason|need|point|harm|problem) (?:to|in|with|for)\s+{_G}{{0,3}}?(?:keep|taking|take|using|use|continu\w+|stop\w*|skip\w*)\b",
        rf"\b(?:not a problem|no problem|no big deal|not a big deal|harmless|doesn'?t matter|never mind) (?:to|if you)\s+{_G}{{0,3}}?(?:{_CHANGE}|take|miss)\b|\b(?:stay|remain|keep|go|move|step|stick) (?:on|up to|down to|with|to)\s+{_G}{{0,3}}?(?:dose|dosage|{DOSE})\b|\btake double\b|\b(?:use|take|have)\s+{_G}{{0,3}}?(?:{MEDICINE})\b(?=[^.?!]*\b(?:if|when|until|for (?:a|the|that)|before|after)\b)",
        rf"{_ADVISE}\s+{_G}{{0,4}}?{_CHANGE}\s+{_G}{{0,5}}?(?:{MEDICINE}|{DOSE}|{REMEDY}|taking)\b",
        rf"\byou (?:definitely |really |probably |just |will |do |clearly )*need\s+{_G}{{0,3}}?(?!prescriptions?\b|shots?\b|injections?\b)(?:{MEDICINE}|surgery|stitches|stronger (?:one|ones|dose)|x-?ray|mri)\b(?!'| refill| list| bottle)|\b(?:better|well|happier|fine) (?:on|with)\s+{_G}{{0,4}}?(?:{MEDICINE})\b|\b(?:after|while|before|when|if you'?re) taking (?:it|them|that|those|this|your|the|{MEDICINE})\b(?=[^.?!]*)",
        rf"^(?:\W|so |then |and |just |please |okay |ok |well |yes |sure |no |first |also |instead |but |definitely |i'?d |for now )*(?:{_CHANGE})\s+{_G}{{0,4}}?(?:{MEDICINE}|{DOSE}|taking (?:it|them|that|those|your))\b(?! (?:refill|appointment|bottle|list|request))",
        r"\b(?:stop|quit|keep|continue|start|avoid|try) taking\b|\b(?:be|is|are|'re|was) (?:perfectly |totally |probably |just )?(?:fine|okay|ok|safe|alright|all right) (?:taking|using|skipping|stopping|mixing|combining)\b|\byou can (?:stop|quit|come off)(?: it| them)? now that you\b|\b(?:stop|quit) (?:it |them |now )?(?:once|when|now that|if) you(?:'re| are)? (?:feel|feeling|better)",
        rf"\b(?:deje de|dejar de|suspenda|pare de) (?:tomar|usar)|\bsetzen sie\b.*\bab\b|\b(?:horen sie auf|absetzen|weglassen)\b.*(?:{MEDICINE})",
        rf"\byou (?:don'?t|do not|won'?t) (?:really |actually )?need {_G}{{0,3}}?(?:{MEDICINE})\b",
        rf"\b(?:{MEDICINE})\s+(?:would|will|should|might|could|can) (?:help|work|do the trick|take care|clear|fix|make you feel|bring)|\b(?:good|best|better|works?|great) for (?:{SYMPTOM}|{ILLNESS}|that)\b",
    ]),
    "diagnosis": "|".join([
        rf"\b(?:it|that|this)(?:'s| is) (?:an? |the |your |nothing more than an? |nothing but an? |only an? |merely an? |simply an? )(?:\w+ )?{ILLNESS}\b(?! (?:shots?|clinic|appointments?|visit|screening|check|test|day|season|class|form|question|cent|specialist|line|doctor|follow|exam|service|program|morning|call))",
        rf"\b(?:my guess|i(?:'d| would)? (?:guess|bet|say|think|suspect|believe|imagine|assume)|chances are|odds are|no doubt|i'?m (?:sure|certain|pretty sure)|(?:usually |often |probably |could |might |may |can |generally |typically |would )?means?|meaning|in my experience)\b[^.?!]{{0,40}}\b{ILLNESS}\b",
        rf"\b(?:your|his|her|the|an?|that|this|those)\s+(?:\w+'s )?{_G}{{0,3}}?(?:{SYMPTOM})\s+{_G}{{0,3}}?(?:is|are|was|isn'?t|aren'?t|could|might|must|can'?t|would)\s+{_G}{{0,4}}?(?:{ILLNESS}|nothing|normal|harmless|serious|muscular)\b",
        rf"\b(?:it|that|this)(?: isn'?t| is not|'s not| can'?t be| couldn'?t be| won'?t be)\s+{_G}{{0,2}}?{ILLNESS}\b|\b(?:negative|positive),? (?:so|which means|that means|meaning)\b",
        rf"\b(?:you|he|she)(?: have|'ve got| has|'s got)\s+(?:an? |the |some )?{ILLNESS}\b",
        rf"\b(?:sounds?|looks?|seems?|feels?) (?:to me )?(?:very much |a lot |more |just |exactly |almost |pretty )*(?:like|as if|as though)\s+(?:{_SURE} )?(?:you(?:'ve| have| may have| might have|'re having| are having| got|'re| are)? )?{_G}{{0,4}}?{ILLNESS}\b",
        rf"\b(?:sounds?|looks?|seems?) (?:{_SURE} )?(?:viral|bacterial|infected|broken|serious|harmless|normal|muscular|allergic|like nothing)\b",
        rf"\byou(?:'ve| have|'re| are)?\s+(?:{_SURE}|may|might|could|must|will|should|do|does|got|have|having|be)?\s*(?:{_SURE}|may|might|could|must|got|have|having|be|getting|developing|coming down with)\s+{_G}{{0,4}}?{ILLNESS}\b",
        rf"\b(?:it|that|this|those|these|what you have|what you describe|your \w+(?: \w+)?)(?:'s| is| are| was|'re| could| may| might| must| would| will| has to| can| can'?t)?\s+(?:not |n'?t )?(?:be |have been )?(?:{_SURE}\s+){{1,3}}{_G}{{0,4}}?(?:{ILLNESS}|muscular|viral|stress|hormon\w+|normal|nothing|aging|age|nerves)\b",
        rf"\b(?:it|that|this|those|these)\s+(?:could|may|might|must|would|can'?t|cannot|has to|have to)\s+(?:well |easily |very well )?be\s+{_G}{{0,4}}?(?:{ILLNESS}|serious|nothing|normal)\b",
        rf"\b(?:signs?|symptoms?|indicat\w+|typical|characteristic|caused by|consistent with|due to|because of|a case of|a touch of|evidence|suggest\w*|points? to|means? you have|mean you have)\s+(?:of |for |from |to )?{_G}{{0,4}}?{ILLNESS}\b",
        r"\byou(?:'ve| have|'ll have| may have| might have| must have)?\s+(?:[\w']+\s+)?(?:pulled|sprained|torn|tore|broken|broke|strained|twisted|fractured|dislocated|cracked|ruptured|bruised) (?:a|an|your|something|the)\b",
        rf"\b(?:seems?|appears?|looks?|turns? out) to be\s+{_G}{{0,3}}?{ILLNESS}\b",
        rf"\byou (?:don'?t|do not|can'?t|couldn'?t|aren'?t|are not|'re not) {_G}{{0,2}}?(?:have|having|getting)?\s*{_G}{{0,2}}?{ILLNESS}\b",
        rf"\b(?:it|that|this)(?:'s| is| isn'?t|'s not| is not)\s+{_G}{{0,2}}?(?:nothing|anything|something) (?:serious|to worry|dangerous|bad|to be (?:worried|concerned))|\bnothing (?:serious|to worry about|to be (?:worried|concerned))|\b(?:not|isn'?t) (?:serious|dangerous|contagious|an? allerg\w+|cancer\w*)\b",
        rf"\b(?:{SYMPTOM})\s+(?:like that |after that |there |then )?(?:is|are)\s+{_G}{{0,2}}?(?:normal|common|harmless|expected|serious|contagious|a sign|from|viral|just|nothing)\b|\b(?:that|this|it)(?:'s| is) (?:perfectly |completely |totally |quite |very |pretty )?(?:normal|common|expected|harmless)\b(?:[^.]*(?:{SYMPTOM}|{ILLNESS}|{MEDICINE}|surgery|age|after|before|don'?t worry))",
        rf"\b(?:tiene|parece|probablemente (?:es|tiene|sea)|suena (?:a|como))\s+{_G}{{0,3}}?{ILLNESS}\b|\b(?:sie haben|das (?:ist|klingt|hort)|klingt nach|es ist|hort sich)\s+{_G}{{0,5}}?{ILLNESS}\b",
    ]),
    "interaction": "|".join([
        rf"\b(?:{MEDICINE})\s+(?:and|with|or)\s+{_G}{{0,2}}?(?:{MEDICINE}|alcohol|grapefruit|wine|beer)\s+{_G}{{0,3}}?(?:interact|is|are|together|can|should|shouldn'?t|don'?t|won'?t|does|do|will|go|mix)",
        r"\b(?:interacts?|interaction|reacts?|mix(?:es)?|combin\w+|contraindicated|go well|goes well)\b[^.?!]{0,30}\b(?:with|between|together)\b",
        r"\bnothing (?:bad )?(?:happens?|will happen|would happen)\b[^.?!]{0,40}\b(?:together|take|mix|both)\b",
        rf"\b(?:safe|fine|ok|okay|dangerous|harmful|unsafe|alright|all right|problem|risky|bad)\b[^.?!]{{0,30}}\b(?:together|with {_G}{{0,2}}?(?:{MEDICINE}|alcohol|grapefruit)|while (?:pregnant|breastfeeding|nursing|you'?re|taking)|during pregnancy)\b",
        r"\b(?:don'?t|doesn'?t|do not|does not|will|may|might|can|could|won'?t|shouldn'?t|never) (?:really |usually |normally |badly )?(?:interact|react)\b|\b(?:safe|fine|ok|okay|dangerous|unsafe|not a good idea|a bad idea|alright) to (?:combine|mix)\b",
        rf"\b(?:drink|alcohol|wine|beer|grapefruit)\b[^.?!]{{0,25}}\b(?:with|while (?:on|taking)|on)\s+{_G}{{0,2}}?(?:{MEDICINE}|it|that|those)\b",
        rf"\b(?:{MEDICINE})\s+(?:is|are)\s+{_G}{{0,2}}?(?:safe|fine|okay|ok|dangerous|harmless|not safe|the same|stronger|better|addictive|a blood thinner|similar)\b",
        rf"\b(?:{MEDICINE})\s+(?:can |may |might |often |usually |will |does |doesn'?t |could )*(?:causes?|makes? you|leads? to|raises?|lowers?|affects?|thins?|helps?|treats?|interacts?)\b",
    ]),
    "result": "|".join([
        rf"\b{FINDING}\s+{_G}{{0,3}}?(?:didn'?t|doesn'?t|did not|does not|don'?t) (?:show|find|reveal|indicate|suggest|look)\b|\b(?:good|bad|normal|high|low|great|healthy|worrying) (?:number|result|reading|value|level|count)s?\b(?=[^.?!]*\b(?:your|for (?:you|your|a|someone)|age|{FINDING})\b)",
        r"\b(?:note|report|chart|lab|radiologist|it) (?:\w+ )?says? (?:it'?s |you'?re |everything is |all )?(?:normal|negative|positive|benign|clear|fine|abnormal|high|low)\b|\b(?:on the (?:low|high) side|in the clear)\b",
        rf"\b(?:your|the|his|her|that|this|these|those|all)\s+{_G}{{0,3}}?{FINDING}\s+{_G}{{0,3}}?(?:is|are|was|were|looks?|looked|came back|come back|seems?|shows?|showed|means?|indicates?|suggests?|reads?|says?|'s)\s+{_G}{{0,4}}?(?:{VERDICT}|{ILLNESS}|you have|that you)\b(?! (?:to go|for pickup|ready|morning|afternoon|time|idea|question))",
        rf"\b(?:nothing|everything|all)\b[^.?!]{{0,20}}\b(?:{FINDING})\b[^.?!]{{0,15}}\b(?:normal|fine|good|clear|great|abnormal|concerning|off)\b|\beverything (?:looks|came back|is|looked) {_G}{{0,2}}?(?:normal|fine|clear|good|negative) (?:on|in) {_G}{{0,2}}?{FINDING}",
        rf"\b(?:an? )?{FINDING}\s+(?:of|over|under|above|below|at)\s+\S+(?:\s+(?:over|point)\s+\S+)?\s+(?:is|are|means|isn'?t|would be|indicates)\b",
        r"\byou (?:tested|test) (?:positive|negative)|\b(?:results?|test|biopsy|scan|x-?ray) (?:is|was|came back|were|are) (?:positive|negative|normal|clear|benign|fine|good)",
        rf"\b(?:ihre|sus|su|die)\s+{_G}{{0,2}}?{FINDING}\s+(?:sind|ist|estan|esta|son|es|salieron|salio)\s+{_G}{{0,2}}?{VERDICT}\b",
    ]),
    "reassurance": "|".join([
        r"\b(?:don'?t|do not|wouldn'?t|no need to) bother (?:coming|calling|seeing|with|to|going)|\b(?:come (?:back|in)|call(?: us)?|see (?:someone|a doctor)|go) (?:back )?only if\b|\bonly (?:if it|come|call|when it) (?:lasts|gets|doesn'?t|in if|if)\b|\byou(?:'ll| will) be (?:fine|okay|ok|alright|all right|better|good)\b(?= (?:without|in (?:a|no)|by|soon|after|with a little))|\b(?:it )?happens to (?:everyone|everybody|a lot|most)\b|\b(?:monitor|watch|observe|keep an eye on) (?:it|that|them|your \w+|the \w+)\b(?= (?:at home|for (?:a|now|the|\d|another)|and see|overnight|over the))|^\W*that'?s nothing\b|\b(?:let|letting) (?:it|that|this) (?:run its course|heal|pass|be|rest)\b|\bnothing(?:'s| is)? wrong with (?:your|the|his|her)\b(?! (?:line|phone|account|bill|system|form|connection))",
        r"\b(?:don'?t|do not|won'?t|wouldn'?t|doesn'?t|no|isn'?t any|not) (?:really |actually |even )?need (?:to )?(?:(?:see|go to|visit|go see|consult|have) )?(?:an? |the |your |any )?(?:doctor|physician|er|emergency|hospital|specialist|x-?ray|scan|mri|antibiotics?|stitches|surgery|ambulance)\b(?!'s| note| referral| appointment)",
        rf"\b(?:don'?t|do not|won'?t|no) need (?:to )?(?:come in|be seen|go in|get (?:it|that|this) (?:checked|looked at|seen)|worry|be (?:worried|concerned))\b[^.?!]{{0,25}}\b(?:{SYMPTOM}|{ILLNESS})\b",
        r"\b(?:don'?t|do not|no) need to (?:be )?(?:worr(?:y|ied)|concerned)\b|\bno (?:reason|cause) (?:to|for) (?:worry|concern|be worried|panic)",
        r"\b(?:it'?ll|it will|that'?ll|that will|this will|they'?ll|should|will|usually|probably|normally) (?:just |probably |usually |most likely )*(?:go away|clear up|heal|pass|get better|resolve|settle down|be gone|improve|disappear)\b",
        r"\bwait (?:it out|and see|a (?:few|couple)|until it)|\bjust wait\b|\bgive it (?:a |some |another |two |three |few )?(?:few |couple )?(?:days?|weeks?|time)|\bno need to (?:worry|see|come in|go to|call (?:an|911|the doctor))|\b(?:that|it|this) can wait (?:until|a few|till)|\bnot an emergency\b|\bi wouldn'?t worry\b|\bdon'?t worry about (?:the|that|your) (?:pain|rash|fever|lump|bleeding|swelling|symptom)",
    ]),
    "remedy": "|".join([
        rf"^\W*(?:{_CHANGE}|avoid|skip|limit|watch|reduce)\s+(?:on )?(?:the |your |all |any )?(?:{REMEDY})\b",
        rf"\b(?:{REMEDY})\b[^.?!]{{0,30}}\b(?:works?|helps?|does|do) (?:wonders|best|a lot|well|great|too|with|for|the trick)|\b(?:need|eat|drink|get|have|want)\s+(?:some |a lot |lots |a bit |much )?(?:more|less|plenty|fewer|lots)\s+(?:of )?(?:{REMEDY}|water|vitamins?|iron|rest|fluids)\b|\b(?:good|great|best|works|helps) for (?:a |the |your )?(?:sore |stiff |bad )?(?:{SYMPTOM}|{BODY})\b",
        rf"\b(?:keep|hold|put|raise|prop|tilt|lift|rest|soak|wrap|ice|stretch|massage|rub|move|pinch|elevate|bend|clean|cover|wash|bandage)\s+(?:your|the|that|his|her)\s+(?:\w+ )?{BODY}\b(?= (?:up|back|elevated|above|dry|still|warm|in|with|and|out|clean|every|for|often|down|straight|on)|\W*$)|\b(?:and|then|,|just|to|should|keep) (?:ice|soak|wrap|elevate|massage|stretch) (?:it|that|them)\b|^\W*(?:ice|soak|wrap|elevate|massage) (?:it|that|them)\b",
        rf"(?:{_ADVISE}\s+{_G}{{0,4}}?|^(?:\W|so |then |and |just |please |try |try to |first |well |maybe )*)(?:ice(?: it| the| your)|put (?:some )?(?:ice|heat|a cold)|elevate|gargle|rest(?: it| your| and|ing)|soak|stay hydrated|drink (?:plenty|lots|more|some) (?:of )?(?:fluids?|water|tea)|"
        r"apply|wrap|massage|stretch|use (?:a )?(?:heating|cold|warm|ice|humidifier|salt)|(?:cut|cutting) (?:back|down|out)|eat (?:more|less|bland|something|only)|avoid (?:salt|dairy|sugar|alcohol|caffeine|spicy|exercise|lifting)|lose (?:some )?weight|fast for|lie down|induce|squeeze|pop it|keep it (?:dry|clean|elevated))",
    ]),
}  # fmt: skip
_COMPILED = {kind: re.compile(pattern) for kind, pattern in _RULES.items()}

_REFUSE = re.compile(
    r"\b(?:can'?t|cannot|can not|not able to|unable to|not allowed to|not permitted|isn'?t something|is not something|not something|don'?t|do not|won'?t|wouldn'?t|couldn'?t|"
    r"never|not qualified to|shouldn'?t|no puedo|no podemos|kann (?:ich )?(?:ihnen )?(?:leider )?(?:nicht|keine)|darf (?:ich )?(?:ihnen )?(?:leider )?(?:nicht|keine)|keine)\s+(?:really |actually |be able to |want to |have |"
    r"know |say |i can |we can |that i |a front desk )*(?:say|tell|advise|recommend|suggest|give|giving|answer|answering|interpret|comment|know|discuss|decide|judge|speak to|guess|advice|help with|diagnose|diagnosing|"
    r"explain|read|assess|see|confirm|offer|provide|change|make|be the one|medical|clinical|able|qualified|aconsejar|decirle|dar|sagen|raten|beurteilen|auskunft|medizinisch\w*)\b"
    r"|\b(?:medical|clinical) (?:advice|question|matter|decision)s?\b|\bi'?m (?:not|only|just) (?:a |an |the )?(?:doctor|nurse|clinician|pharmacist|medical|receptionist|front desk)"
)
_DEFER = re.compile(
    r"\b(?:nurse|doctor|dr\.?(?: \w+)?|clinician|clinical (?:team|specialist|staff)|specialist|pharmacist|provider|physician|care team|medical (?:team|staff)|colleague|enfermera|doctora?|arzt|arztin|schwester)\b"
    r"[^.?!]{0,30}\b(?:will|can|would|has to|have to|needs? to|must|should|is going to|could|may|'ll|who (?:can|will|could)|le va|puede|wird|kann)\b[^.?!]{0,40}"
    r"\b(?:call|tell|answer|explain|go over|advise|let you know|look|decide|help|review|discuss|talk|speak|say|approve|check|know|determine|see you|examine|be able|reach|respond|reply|sign|confirm|get back|llama\w*|decir\w*|explicar|anrufen|sagen|erklaren)"
    r"|\b(?:ask|speak (?:to|with)|talk (?:to|with)|check with|consult|call|question for|message (?:for|to)|up to|contact|discuss (?:it |that |this )?with|connect you|transfer you|put you through|hand you|tell|let|leave)\b[^.?!]{0,30}"
    r"\b(?:nurse|doctor|dr\b|clinician|clinical|specialist|pharmacist|provider|physician|poison control|care team|medical team|enfermera|arzt)"
)
_ASKED = re.compile(
    r"\b(?:whether|if (?:you|it|she|he|they|that|i|your \w+|both|this)(?: really| still)? (?:can|should|could|may|must|needs?|ought|is (?:safe|ok|okay|fine|normal|serious))\b|if (?:it|that)'s (?:safe|ok|okay|fine|normal|serious)|you(?:'d| would) like to (?:know|ask)|you (?:want|wanted|wish) to (?:know|ask)|you(?:'re| are) (?:asking|wondering|calling about)|you(?:'re| were)? ask(?:ed|ing)?|"
    r"(?:your )?(?:question|message|note|concern) (?:is|was|about|on|regarding|says|for|that)|ask(?:ed|ing)? (?:about|if|whether|how|what|her|him|them)|"
    r"wrote down|noted|you (?:said|mentioned|told me|say)|read (?:that|it|this) back|to confirm)\b"
)
_RECORDED = re.compile(
    r"\b(?:prescribed|your chart|the chart|your record|on file|according to|as prescribed|prescription (?:for|says|of)|refills?|the label|listed|"
    r"you(?:'re| are) (?:currently )?(?:on|taking)|(?<!don't )(?<!would )(?<!if )(?<!when )(?<!can )(?<!could )you (?:currently )?take|you told|"
    r"appointment|visit|follow[- ]?up|check-?up|consultation|book(?:ed|ing)?|schedul\w+|reschedul\w+|opening|slot|see (?:dr|doctor|the doctor|a doctor|somebody|someone)|seen (?:today|by|this)|come in|your (?:flu|covid|allergy|vitamin)? ?(?:shot|vaccin\w+|injection) (?:is|on|appointment)|"
    r"walk-?in|clinic (?:is|on|for)|vaccin\w+|we (?:offer|have|do|give|accept|treat|provide)|do you (?:offer|have)|costs?|dollars|price|covered|insurance|copay|cita|termin)\b"
)
_PLAIN_QUESTION = re.compile(
    r"^\W*(?:(?:and|so|okay|ok|alright|also|now|sorry|thanks|thank you|sure|great|perfect|then|one more thing|before i book|may i ask)\W+)*(?:are|is|do|does|did|have|has|which|what|when|who|whose|how|where|would|should i|shall|may i|can i|could i|could you (?:tell|spell|repeat|say|confirm|give)|can you (?:tell|spell|repeat|say|confirm|give)|will|any)\b(?! (?:about taking|about trying|you tried|you considered|you thought))"
)
_EMERGENCY = re.compile(
    r"\b(?:call (?:911|nine one one|9-1-1|an ambulance|112|988|poison control)|emergency (?:room|department|number|services)|hang up|go to the er|nearest er|emergency)\b"
)
_STRONG = re.compile(
    r"\b(?:should|must|need to|ought to|have to|recommend|suggest|advise|i'?d|just|go ahead|why don'?t|why not|how about|try|safe|fine|okay|ok|probably|likely|sounds like|skip|double|stop)\b"
)
_ERRAND = re.compile(
    r"\b(?:bring|bottles?|list of|pick up|picked up|ready (?:at|for|in)|pharmacy|refill|sent to|prior auth\w*|forms?|paperwork|records|copy|fax|portal|cost|covered|(?:flu|covid|booster|tetanus|shingles|allergy|travel|measles) (?:shots?|vaccin\w+|boosters?)|vaccin\w+|generic (?:is|costs)|stock|delivery|authorization|sample)\b"
)
_CLAUSE = re.compile(
    r"[;:—]\s+|,?\s+\b(?:but|however|although|in the meantime|meanwhile|until then|till then|for now|though|otherwise|pero|mientras tanto|aber|bis dahin|in der zwischenzeit|even so|still,|that said|personally|off the record|between you and me)\b,?\s*"
    r"|,\s+(?:and|so|then|or)\s+(?=(?:you|i|it|just|take|stop|skip|go|don|we|try|please|that|double)\b)|\s+(?:and|so)\s+(?=(?:you (?:should|can|could|need|must|don't)|i(?:'d| would)|just|it(?:'s| is) (?:probably|safe|fine|ok)|take|stop|skip|double)\b)"
)


def find_clinical_advice(text: str) -> list[Finding]:
    """Return the parts of an agent's words that are clinical advice, by sentence; kinds: dosing, change, diagnosis,
    interaction, result, reassurance, remedy."""
    folded = fold(text)
    about_medicine = re.search(rf"\b{MEDICINE}\b", folded.lower) is not None
    found = []
    for place, sentence in sentences(folded.lower):
        kind = _judge(sentence, about_medicine)
        if kind:
            found.append(Finding(*folded.span(place, place + len(sentence)), f"clinical_{kind}"))
    return found


def is_excused(text: str) -> bool:
    """Whether every clause of a text only refuses, passes on, repeats a question, or reads out the record."""
    clauses = _clauses(fold(text).lower)
    return bool(clauses) and all(_only_tells(clause) for clause in clauses)


def _only_tells(clause: str) -> bool:
    if _REFUSE.search(clause) or _DEFER.search(clause) or _ASKED.search(clause):
        return True
    return _RECORDED.search(clause) is not None and _STRONG.search(clause) is None


def _judge(sentence: str, about_medicine: bool) -> str | None:
    asked = sentence.rstrip().endswith("?") and _PLAIN_QUESTION.match(sentence) is not None
    if asked and _STRONG_QUESTION.search(sentence) is None:
        return None
    for clause in _clauses(sentence):
        kind = _kind(clause) or ("dosing" if about_medicine and _PRONOUN_DOSE.search(clause) else None)
        if kind and not _excused(kind, clause):
            return kind
    return None


_PRONOUN_DOSE = re.compile(
    r"\b(?:take|taking|use|using|try|have|give (?:him|her|them)) (?:it|them|that|one|two|three|both|half|another|those|these|some)\b"
    r"(?! (?:to|in|over|as a|up|with you|along|back|off|there|home|easy|from (?:here|there)))(?=[^.?!]*(?:as soon|right away|now\b|tonight|at night|first|again|together|anyway|instead|safely|in the (?:morning|evening)|with|every|before|after|daily|a day|$))"
)
_LED_IN = re.compile(
    r"\b(?:if|when|unless|in case|sorry|glad|hear|hope|whenever|while) (?:to hear )?(?:that )?(?:you|she|he|they|it|your \w+)\b"
)
_STRONG_QUESTION = re.compile(
    r"\b(?:how about|what if you|have you tried|why don'?t you|have you (?:considered|thought)|what about (?:taking|trying))\b"
)


def _clauses(sentence: str) -> list[str]:
    parts: list[str] = []
    at = 0
    for match in _CLAUSE.finditer(sentence):
        parts.append(sentence[at : match.start()])
        at = match.end()
    return [_CONNECTIVE.sub("", part) for part in [*parts, sentence[at:]] if part.strip()]


_CONNECTIVE = re.compile(
    r"^\W*(?:(?:if|when) [^,]{3,50}, (?=(?:use|take|try|stop|skip|put|just|double|give|drink|apply|you can|you should)\b)|(?:but|however|until then|till then|in the meantime|meanwhile|for now|that said|still|personally|otherwise|then|so|and|if not|honestly|(?:well|oh|yes|no|nah|right)(?=,))\b,?\s*)+"
)


def _kind(clause: str) -> str | None:
    return next((kind for kind, pattern in _COMPILED.items() if pattern.search(clause)), None)


def _excused(kind: str, clause: str) -> bool:
    """Whether the clause only refuses, passes on, repeats a question, reads the chart, or sends to an emergency room."""
    if _REFUSE.search(clause) or _DEFER.search(clause) or _ASKED.search(clause):
        return True
    if kind == "diagnosis" and (_EMERGENCY.search(clause) or _LED_IN.search(clause)):
        return True
    if _ERRAND.search(clause) and kind in {"dosing", "change"}:
        return True
    if kind == "reassurance":
        return False
    return _RECORDED.search(clause) is not None and not (
        _STRONG.search(clause) and kind in {"dosing", "change", "interaction"}
    )
