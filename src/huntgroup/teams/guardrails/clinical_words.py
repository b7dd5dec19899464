# ruff: noqa: E501  (a pattern is read in one piece; broken lines hide its brackets)
"""The words of medicine as patterns over folded, lower-case text: remedies, doses, illnesses, findings."""

_DRUGS = (
    "lisinopril losartan valsartan amlodipine metoprolol atenolol carvedilol hydrochlorothiazide furosemide lasix "
    "spironolactone atorvastatin simvastatin rosuvastatin pravastatin lipitor crestor metformin glipizide insulin ozempic "
    "wegovy jardiance januvia trulicity levothyroxine synthroid omeprazole pantoprazole prilosec nexium famotidine pepcid "
    "ibuprofen advil motrin aleve naproxen aspirin acetaminophen tylenol paracetamol tramadol oxycodone hydrocodone codeine "
    "morphine percocet vicodin gabapentin pregabalin lyrica sertraline zoloft fluoxetine prozac escitalopram lexapro "
    "citalopram bupropion wellbutrin trazodone duloxetine cymbalta venlafaxine alprazolam xanax lorazepam ativan diazepam "
    "valium clonazepam zolpidem ambien amoxicillin augmentin penicillin azithromycin zithromax doxycycline ciprofloxacin "
    "cipro cephalexin keflex bactrim prednisone prednisolone cortisone hydrocortisone albuterol ventolin singulair montelukast "
    "benadryl claritin zyrtec allegra loratadine cetirizine warfarin coumadin eliquis xarelto plavix clopidogrel viagra "
    "sildenafil cialis adderall ritalin melatonin mucinex sudafed nyquil dayquil robitussin imodium pepto tums miralax "
    "metamucil zofran methotrexate humira lithium seroquel abilify methadone suboxone digoxin nitroglycerin potassium "
    "magnesium calcium zinc iron fluoride diclofenac meloxicam cyclobenzaprine flexeril finasteride tamsulosin flomax epipen narcan nitro pepcid motrin "
    "ibuprofeno paracetamol aspirina metformina insulina amoxicilina ibuflam novalgin metamizol ramipril bisoprolol"
)
_DRUG_ENDINGS = r"[a-z]{3,}(?:pril|sartan|olol|statin|prazole|cillin|mycin|cycline|floxacin|oxetine|azepam|zolam|gliptin|gliflozin|glutide|profen|dipine|codone|caine|thiazide|triptyline|azine)"
_KINDS = (
    r"medications?|medicines?|meds?|pills?|tablets?|capsules?|antibiotics?|painkillers?|pain relievers?|blood thinners?|steroids?|"
    r"inhalers?|supplements?|vitamins?|vitamin [a-z]|drugs?|antihistamines?|antidepressants?|statins?|beta ?blockers?|laxatives?|decongestants?|"
    r"antacids?|water pills?|ointments?|creams?|drops|syrup|cough syrup|eye ?drops|shots?|injections?|patch(?:es)?|birth control|"
    r"prescriptions?|doses?|dosage|over the counter|hydrocortisone cream|nasal spray|probiotics?|herbal|st\.? john'?s wort|tea|"
    r"medikamente?|tabletten?|antibiotik\w+|schmerzmittel|dosis|medicamentos?|pastillas?|tabletas?|antibioticos?|medicina"
)
MEDICINE = rf"(?:{'|'.join(_DRUGS.split())}|{_DRUG_ENDINGS}|{_KINDS})"
_COUNT = r"(?:\d+(?:\.\d+)?|an?|half(?: an?)?|one|two|three|four|five|six|eight|ten|twelve|twenty|fifty|hundred|thousand|couple(?: of)?|un|una|dos|tres|eine?n?|zwei|drei)"
DOSE = (
    rf"(?:{_COUNT}\s+(?:hundred\s+)?(?:more |extra |full |whole |regular )?(?:mg|milligrams?|mcg|micrograms?|grams?|ml|milliliters?|units?|puffs?|drops?|tablets?|"
    rf"pills?|capsules?|teaspoons?|tablespoons?|doses?|of (?:those|these|them|your)|miligramos|pastillas?|tabletas?|tabletten?|milligramm)"
    r"|\d+\s?mg|(?:higher|lower|double|bigger|smaller|half|extra|second|next|missed|usual|full|whole|maximum) (?:the )?(?:dose|dosage))"
)
FREQUENCY = (
    r"(?:(?:once|twice|thrice|(?:one|two|three|four|\d) times) (?:a|per|each|every) (?:day|week|night|hour)|(?:once|twice) daily|"
    r"every (?:\w+ ){0,2}(?:hours?|morning|night|day|evening|meal)|daily|before (?:bed|meals?|breakfast|food|you eat)|after (?:meals?|food|you eat|eating)|"
    r"with(?: or without)? (?:food|meals?|milk|water)|at bedtime|on an empty stomach|as needed|together|cada \w+ horas|al dia|por dia|"
    r"alle \w+ stunden|am tag|taglich|mal am tag)"
)
ILLNESS = (
    r"(?:diabetes|diabetic|hypertension|high blood pressure|flu|influenza|covid|corona|strep(?: throat)?|infections?|infected|migraines?|ulcers?|uti|"
    r"pneumonia|asthma|an?emia|cancer\w*|tumou?rs?|fractur\w+|broken|sprain\w*|virus|viral|bacterial|bug|cold|allerg\w+|"
    r"heart attack|stroke|angina|arrhythmia|blood clot|clot|concussion|eczema|psoriasis|shingles|hives|ringworm|hernia|gallstones?|"
    r"kidney stones?|reflux|gerd|heartburn|food poisoning|stomach flu|depress\w+|anxiety|panic attacks?|adhd|bipolar|menopause|"
    r"thyroid|gout|lupus|fibromyalgia|sciatica|pinched nerve|pulled muscle|carpal tunnel|vertigo|dehydrat\w+|deficien\w+|pink ?eye|"
    r"(?:tension|cluster|stress) headaches?|an?emic|depressed|contagious|allergic|hypertensive|concussed|measles|chicken ?pox|mono|lyme|hepatitis|appendix|insomnia|sinus(?:es)?|withdrawal|side effects?|miscarriage|pregnan\w+|preeclampsia|"
    r"[a-z]{4,}(?:itis|osis|emia|opathy|algia|oma|pnea)|torn [a-z]+|gripe|infeccion|alergia|grippe|entzundung|migrane|infektion|"
    r"erkaltung|bluthochdruck)"
)
FINDING = (
    r"(?:results?|labs?|lab work|blood ?work|blood tests?|tests?|screens?|screening|scan|mri|ct|x-?rays?|ultrasound|biopsy|mammogram|ekg|ecg|culture|"
    r"blood pressure|blood sugar|sugar|thyroid level|mammogram|glucose|a1c|cholesterol|ldl|hdl|triglycerides|potassium|sodium|iron|hemoglobin|white (?:blood )?cells?|"
    r"white (?:blood )?count|platelets|creatinine|liver enzymes?|kidney function|tsh|psa|levels?|numbers?|readings?|counts?|urine|pap smear|"
    r"temperature|fever|pulse|heart rate|oxygen|ergebnisse?|befunde?|blutwerte?|werte|resultados?|analisis|presion)"
)
VERDICT = (
    r"(?:normal|abnormal|high|low|elevated|fine|good|great|bad|clear|clean|negative|positive|borderline|off|concerning|worr\w+|serious|"
    r"dangerous|healthy|perfect|in range|within (?:the )?(?:normal )?range|out of range|benign|malignant|nothing|stable|improved|worse|better|controlled|under control|in the clear|alarming|"
    r"unauffallig|gut|schlecht|zu hoch|zu niedrig|erhoht|normales?|altos?|altas?|bajos?|bien|mal)"
)
SYMPTOM = (
    r"(?:pain|tightness|pressure|wheez\w+|fatigue|chills|sweats|palpitations|rash|fever|cough|swelling|headaches?|dizz\w+|lump|bump|mole|bleeding|nausea|vomiting|diarrhea|numbness|tingling|"
    r"symptoms?|reaction|bruis\w+|cramps?|ache|itch\w*|sore|discharge|spotting|burn|bite|wound|cut|throat|ear|ankle|knee|back|stomach)"
)
REMEDY = (
    r"(?:ice pack|ice cube|ice|heating pad|hot water bottle|warm bath|cold shower|compress|salt water|saline|honey|hot tea|ginger|lemon|chicken soup|garlic|turmeric|"
    r"vinegar|baking soda|fiber|fluids|electrolytes|gatorade|bed rest|bandage|brace|sling|splint|crutches|vaseline|aloe|sunscreen|caffeine|coffee|alcohol|"
    r"dairy|gluten|sugar|salt|sodium|protein|carbs|spicy food|fatty food|prunes|cranberry juice|essential oils?|humidifier|earplugs|stretches|stretching|exercise|sleep)"
)
BODY = r"(?:head|foot|feet|leg|arm|ankle|knee|hand|back|neck|nose|ear|ears|eye|eyes|hip|shoulder|wrist|elbow|finger|toe|chest|stomach|throat|wound|cut|burn)"
