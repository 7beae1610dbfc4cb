# ruff: noqa: E501, RUF001  one sentence is one line, with the apostrophes of print
"""Every sentence of my page, in the languages of the product."""

from collections.abc import Mapping
from typing import Final

from passerelle.distribution.wording import typeset
from passerelle.kit.i18n import LANGUAGES, Language, Sentence

_TEXTS: Final[Mapping[str, Sentence]] = {
    "title": {"en": "My page", "fr": "Ma page", "ar": "صفحتي"},
    "ask_lead": {
        "en": "Your cards, rewards, history and privacy: by a link that only you get.",
        "fr": "Vos cartes, récompenses, historique et confidentialité : par un lien que vous seul recevez.",
        "ar": "بطاقاتك ومكافآتك وسجلّك وخصوصيتك: عبر رابط يصل إليك وحدك.",
    },
    "ask_title": {"en": "Have the link sent", "fr": "Recevoir le lien", "ar": "اطلب الرابط"},
    "contact_label": {
        "en": "Your e-mail or mobile number",
        "fr": "Votre e-mail ou numéro de mobile",
        "ar": "بريدك الإلكتروني أو رقم هاتفك",
    },
    "contact_hint": {
        "en": "The one that the shop knows. The link goes to the e-mail that belongs to it.",
        "fr": "Celui que le commerce connaît. Le lien part à l’e-mail correspondant.",
        "ar": "الذي يعرفه المتجر. يُرسل الرابط إلى البريد الإلكتروني المرتبط به.",
    },
    "contact_missing": {
        "en": "Write your e-mail or your mobile number.",
        "fr": "Écrivez votre e-mail ou votre numéro de mobile.",
        "ar": "اكتب بريدك الإلكتروني أو رقم هاتفك.",
    },
    "ask_button": {"en": "Send me the link", "fr": "M’envoyer le lien", "ar": "أرسل لي الرابط"},
    "asked": {
        "en": "If the shop knows this contact with an e-mail address, the link is on its way. It opens once, within half an hour. Nothing there? Look into the spam folder, or ask at the till.",
        "fr": "Si le commerce connaît ce contact avec une adresse e-mail, le lien est en route. Il s’ouvre une fois, dans la demi-heure. Rien reçu ? Regardez dans les indésirables, ou demandez en caisse.",
        "ar": "إذا كان المتجر يعرف جهة الاتصال هذه مع بريد إلكتروني فالرابط في طريقه إليك. يُفتح مرة واحدة خلال نصف ساعة. لم يصلك شيء؟ راجع البريد غير المرغوب أو اسأل عند الصندوق.",
    },
    "no_mail": {
        "en": "This shop sends no e-mails. Ask at the till: the team makes the link for you.",
        "fr": "Ce commerce n’envoie pas d’e-mails. Demandez en caisse : l’équipe crée le lien pour vous.",
        "ar": "هذا المتجر لا يرسل رسائل إلكترونية. اسأل عند الصندوق: سينشئ الفريق الرابط لك.",
    },
    "too_many": {
        "en": "Many links were asked for from this connection. Wait {minutes} minutes, then try again.",
        "fr": "Beaucoup de liens ont été demandés depuis cette connexion. Attendez {minutes} minutes, puis réessayez.",
        "ar": "طُلبت روابط كثيرة من هذا الاتصال. انتظر {minutes} دقيقة ثم أعد المحاولة.",
    },
    "open_lead": {
        "en": "One tap, and this browser shows your page for a day. On a device of others, sign out afterwards.",
        "fr": "Un geste, et ce navigateur affiche votre page pendant un jour. Sur l’appareil d’un autre, déconnectez-vous ensuite.",
        "ar": "لمسة واحدة ويعرض هذا المتصفح صفحتك ليوم. على جهاز غيرك، سجّل الخروج بعد ذلك.",
    },
    "open_button": {"en": "Open my page", "fr": "Ouvrir ma page", "ar": "افتح صفحتي"},
    "confirm_lead": {
        "en": "Confirm that this e-mail address is yours.",
        "fr": "Confirmez que cette adresse e-mail est la vôtre.",
        "ar": "أكّد أن هذا البريد الإلكتروني لك.",
    },
    "confirm_button": {"en": "Confirm my e-mail", "fr": "Confirmer mon e-mail", "ar": "تأكيد بريدي"},
    "confirmed_title": {"en": "Confirmed", "fr": "Confirmé", "ar": "تم التأكيد"},
    "confirmed_text": {
        "en": "Your new e-mail address is in use from now on.",
        "fr": "Votre nouvelle adresse e-mail est utilisée dès maintenant.",
        "ar": "عنوان بريدك الإلكتروني الجديد مستخدم من الآن.",
    },
    "spent_title": {"en": "This link has ended", "fr": "Ce lien n’est plus valable", "ar": "انتهت صلاحية هذا الرابط"},
    "spent_text": {
        "en": "It was used already, is older than half an hour, or was not copied whole. Ask for a new one.",
        "fr": "Il a déjà servi, date de plus d’une demi-heure, ou n’a pas été copié en entier. Demandez-en un nouveau.",
        "ar": "استُخدم من قبل أو مضى عليه أكثر من نصف ساعة أو لم يُنسخ كاملًا. اطلب رابطًا جديدًا.",
    },
    "new_link": {"en": "Ask for a new link", "fr": "Demander un nouveau lien", "ar": "اطلب رابطًا جديدًا"},
    "hello": {"en": "Hello {name}", "fr": "Bonjour {name}", "ar": "مرحبًا {name}"},
    "hello_nobody": {"en": "Hello", "fr": "Bonjour", "ar": "مرحبًا"},
    "cards": {"en": "My cards", "fr": "Mes cartes", "ar": "بطاقاتي"},
    "no_cards": {
        "en": "You have no card here. Scan the code at the till to get one.",
        "fr": "Vous n’avez pas de carte ici. Scannez le code en caisse pour en recevoir une.",
        "ar": "ليست لديك بطاقة هنا. امسح الرمز عند الصندوق للحصول على واحدة.",
    },
    "to_phone": {
        "en": "Put this card on a phone",
        "fr": "Mettre cette carte sur un téléphone",
        "ar": "ضع هذه البطاقة على هاتف",
    },
    "card_blocked": {
        "en": "This card is blocked. Ask at the till.",
        "fr": "Cette carte est bloquée. Demandez en caisse.",
        "ar": "هذه البطاقة محظورة. اسأل عند الصندوق.",
    },
    "history": {"en": "History", "fr": "Historique", "ar": "السجل"},
    "no_history": {"en": "Nothing has happened yet.", "fr": "Rien pour le moment.", "ar": "لا شيء حتى الآن."},
    "whole_history": {"en": "The whole history", "fr": "Tout l’historique", "ar": "السجل كاملًا"},
    "earlier": {"en": "Earlier", "fr": "Plus ancien", "ar": "الأقدم"},
    "back": {"en": "Back to my page", "fr": "Retour à ma page", "ar": "العودة إلى صفحتي"},
    "h_joined": {"en": "Joined “{program}”", "fr": "Adhésion à « {program} »", "ar": "انضمام إلى «{program}»"},
    "h_registered": {"en": "First known here", "fr": "Première inscription ici", "ar": "أول تسجيل هنا"},
    "h_purchase": {"en": "Purchase", "fr": "Achat", "ar": "شراء"},
    "h_purchase_void": {"en": "Purchase, cancelled", "fr": "Achat annulé", "ar": "شراء مُلغى"},
    "h_units_purchase": {"en": "For a purchase", "fr": "Pour un achat", "ar": "مقابل شراء"},
    "h_units_visit": {"en": "For a visit", "fr": "Pour une visite", "ar": "مقابل زيارة"},
    "h_units_reward": {"en": "Used for a reward", "fr": "Utilisés pour une récompense", "ar": "استُخدمت لمكافأة"},
    "h_units_payment": {"en": "Used to pay", "fr": "Utilisés pour payer", "ar": "استُخدمت للدفع"},
    "h_units_opening": {"en": "Brought from before", "fr": "Report de l’ancien solde", "ar": "رصيد سابق"},
    "h_units_merge": {"en": "Two entries put together", "fr": "Réunion de deux fiches", "ar": "دمج سجلين"},
    "h_units_other": {"en": "Correction or gift", "fr": "Correction ou cadeau", "ar": "تصحيح أو هدية"},
    "h_undone": {"en": "undone since", "fr": "annulé depuis", "ar": "أُلغي لاحقًا"},
    "h_reward_issued": {
        "en": "Reward received: {name}",
        "fr": "Récompense reçue : {name}",
        "ar": "مكافأة مُنحت: {name}",
    },
    "h_reward_redeemed": {
        "en": "Reward used: {name}",
        "fr": "Récompense utilisée : {name}",
        "ar": "مكافأة استُخدمت: {name}",
    },
    "h_reward_ended": {
        "en": "Reward ended: {name}",
        "fr": "Récompense terminée : {name}",
        "ar": "مكافأة انتهت: {name}",
    },
    "h_card_issued": {"en": "Card made", "fr": "Carte créée", "ar": "أُنشئت البطاقة"},
    "h_card_installed": {
        "en": "Card added to a phone",
        "fr": "Carte ajoutée à un téléphone",
        "ar": "أُضيفت البطاقة إلى هاتف",
    },
    "h_card_removed": {
        "en": "Card removed from a phone",
        "fr": "Carte retirée d’un téléphone",
        "ar": "أُزيلت البطاقة من هاتف",
    },
    "h_ticket_issued": {"en": "Ticket for {event}", "fr": "Billet pour {event}", "ar": "تذكرة إلى {event}"},
    "h_ticket_used": {"en": "Came to {event}", "fr": "Entrée à {event}", "ar": "دخول إلى {event}"},
    "h_ticket_cancelled": {
        "en": "Ticket cancelled: {event}",
        "fr": "Billet annulé : {event}",
        "ar": "أُلغيت التذكرة: {event}",
    },
    "tickets": {"en": "My tickets", "fr": "Mes billets", "ar": "تذاكري"},
    "ticket_to_phone": {
        "en": "Put this ticket on a phone",
        "fr": "Mettre ce billet sur un téléphone",
        "ar": "ضع هذه التذكرة على هاتف",
    },
    "event_cancelled": {
        "en": "The event is cancelled.",
        "fr": "L’événement est annulé.",
        "ar": "أُلغيت الفعالية.",
    },
    "details": {"en": "My details", "fr": "Mes informations", "ar": "معلوماتي"},
    "first_name": {"en": "Name", "fr": "Nom", "ar": "الاسم"},
    "last_name": {"en": "Family name", "fr": "Nom de famille", "ar": "اسم العائلة"},
    "language": {"en": "Language of my cards", "fr": "Langue de mes cartes", "ar": "لغة بطاقاتي"},
    "birthday": {"en": "Birthday", "fr": "Anniversaire", "ar": "تاريخ الميلاد"},
    "birthday_hint": {
        "en": "Optional, the year too. A date entered shortly before the day may count only next year.",
        "fr": "Facultatif, l’année aussi. Une date indiquée peu avant le jour peut ne compter que l’année suivante.",
        "ar": "اختياري، والسنة كذلك. التاريخ المُدخل قبيل اليوم قد يُحتسب في السنة التالية فقط.",
    },
    "day": {"en": "Day", "fr": "Jour", "ar": "اليوم"},
    "month": {"en": "Month", "fr": "Mois", "ar": "الشهر"},
    "year": {"en": "Year", "fr": "Année", "ar": "السنة"},
    "birthday_wrong": {
        "en": "This day is not in the calendar. Give day and month, or leave both empty.",
        "fr": "Ce jour n’existe pas. Indiquez le jour et le mois, ou laissez les deux vides.",
        "ar": "هذا اليوم غير موجود. اذكر اليوم والشهر أو اتركهما فارغين.",
    },
    "save": {"en": "Save", "fr": "Enregistrer", "ar": "حفظ"},
    "saved": {"en": "Saved.", "fr": "Enregistré.", "ar": "تم الحفظ."},
    "correct": {
        "en": "Please correct what is marked below.",
        "fr": "Corrigez ce qui est signalé ci-dessous.",
        "ar": "صحّح ما هو مُشار إليه أدناه.",
    },
    "name_wrong": {
        "en": "Write a name of 1 to 100 letters.",
        "fr": "Écrivez un nom de 1 à 100 lettres.",
        "ar": "اكتب اسمًا من حرف إلى 100 حرف.",
    },
    "contact": {"en": "Contact", "fr": "Coordonnées", "ar": "بيانات الاتصال"},
    "email": {"en": "E-mail", "fr": "E-mail", "ar": "البريد الإلكتروني"},
    "new_email": {"en": "New e-mail", "fr": "Nouvel e-mail", "ar": "بريد جديد"},
    "email_hint": {
        "en": "We send a link there; the address counts once you have opened it.",
        "fr": "Nous y envoyons un lien ; l’adresse compte une fois le lien ouvert.",
        "ar": "نرسل إليه رابطًا، ويُعتمد العنوان بعد فتحه.",
    },
    "email_button": {"en": "Send the confirmation", "fr": "Envoyer la confirmation", "ar": "أرسل التأكيد"},
    "email_sent": {
        "en": "If this address can be used, a link to confirm it is on its way. Open it within half an hour.",
        "fr": "Si cette adresse est utilisable, un lien de confirmation est en route. Ouvrez-le dans la demi-heure.",
        "ar": "إذا كان استخدام هذا العنوان ممكنًا فرابط التأكيد في طريقه. افتحه خلال نصف ساعة.",
    },
    "email_at_till": {
        "en": "To change your e-mail, ask at the till.",
        "fr": "Pour changer votre e-mail, demandez en caisse.",
        "ar": "لتغيير بريدك اسأل عند الصندوق.",
    },
    "phone": {"en": "Mobile number", "fr": "Numéro de mobile", "ar": "رقم الهاتف المحمول"},
    "new_number": {"en": "New mobile number", "fr": "Nouveau numéro de mobile", "ar": "رقم جديد"},
    "number_hint": {
        "en": "Your number is what the till knows you by, so nobody changes it alone: we mail a link to your e-mail above,"
        " and the number changes when you open it. Or ask at the till.",
        "fr": "La caisse vous reconnaît à votre numéro ; personne ne le change donc seul : un lien part vers votre e-mail"
        " ci-dessus, et le numéro change quand vous l’ouvrez. Ou demandez en caisse.",
        "ar": "يعرفك الصندوق برقمك فلا يغيّره أحد وحده: نرسل رابطًا إلى بريدك أعلاه ويتغيّر الرقم عندما تفتحه. أو اسأل"
        " عند الصندوق.",
    },
    "number_sent": {
        "en": "A link to confirm the number is on its way to your e-mail. Open it within half an hour.",
        "fr": "Un lien pour confirmer le numéro part vers votre e-mail. Ouvrez-le dans la demi-heure.",
        "ar": "رابط تأكيد الرقم في طريقه إلى بريدك. افتحه خلال نصف ساعة.",
    },
    "number_lead": {
        "en": "Confirm that the number that ends in {digits} is yours. The till knows you by it from then on.",
        "fr": "Confirmez que le numéro qui finit par {digits} est le vôtre. La caisse vous y reconnaîtra désormais.",
        "ar": "أكّد أن الرقم الذي ينتهي بـ {digits} لك. سيعرفك الصندوق به من الآن.",
    },
    "number_button": {"en": "Confirm my number", "fr": "Confirmer mon numéro", "ar": "تأكيد رقمي"},
    "number_confirmed_title": {"en": "Confirmed", "fr": "Confirmé", "ar": "تم التأكيد"},
    "number_confirmed_text": {
        "en": "Your new number is in use from now on.",
        "fr": "Votre nouveau numéro est utilisé dès maintenant.",
        "ar": "رقمك الجديد مستخدم من الآن.",
    },
    "number_refused_title": {
        "en": "This number cannot be set here",
        "fr": "Ce numéro ne peut pas être enregistré ici",
        "ar": "لا يمكن تسجيل هذا الرقم هنا",
    },
    "number_refused_text": {
        "en": "Nothing was changed. Ask at the till: the team can sort it out with you.",
        "fr": "Rien n’a changé. Demandez en caisse : l’équipe règle cela avec vous.",
        "ar": "لم يتغيّر شيء. اسأل عند الصندوق: يحلّ الفريق الأمر معك.",
    },
    "phone_at_till": {
        "en": "To change your number, ask at the till: the team sees that it is yours.",
        "fr": "Pour changer votre numéro, demandez en caisse : l’équipe s’assure qu’il est à vous.",
        "ar": "لتغيير رقمك اسأل عند الصندوق: يتأكد الفريق من أنه لك.",
    },
    "unknown": {"en": "not given", "fr": "non indiqué", "ar": "غير مذكور"},
    "consents": {"en": "What I agreed to", "fr": "Ce que j’ai accepté", "ar": "ما وافقت عليه"},
    "purpose_loyalty_program": {"en": "My loyalty card", "fr": "Ma carte de fidélité", "ar": "بطاقة ولائي"},
    "purpose_marketing": {"en": "Offers and news", "fr": "Offres et nouveautés", "ar": "العروض والأخبار"},
    "granted_since": {
        "en": "Agreed on {day}, {source}",
        "fr": "Accepté le {day}, {source}",
        "ar": "وافقت في {day}، {source}",
    },
    "withdrawn_since": {
        "en": "Withdrawn on {day}, {source}",
        "fr": "Retiré le {day}, {source}",
        "ar": "سحبت الموافقة في {day}، {source}",
    },
    "never_asked": {"en": "Not agreed to", "fr": "Non accepté", "ar": "لم توافق"},
    "source_form": {"en": "by form", "fr": "par formulaire", "ar": "عبر نموذج"},
    "source_till": {"en": "at the till", "fr": "en caisse", "ar": "عند الصندوق"},
    "source_import": {"en": "taken over from elsewhere", "fr": "repris d’ailleurs", "ar": "منقولة من مصدر آخر"},
    "source_api": {"en": "by another service", "fr": "par un autre service", "ar": "عبر خدمة أخرى"},
    "source_erasure": {"en": "by an erasure", "fr": "par un effacement", "ar": "بسبب محو"},
    "withdraw": {"en": "Withdraw", "fr": "Retirer", "ar": "اسحب الموافقة"},
    "grant": {"en": "Agree", "fr": "Accepter", "ar": "أوافق"},
    "withdrawn_now": {
        "en": "Withdrawn. No further messages of this kind.",
        "fr": "Retiré. Plus aucun message de ce type.",
        "ar": "سُحبت الموافقة. لن تصلك رسائل من هذا النوع.",
    },
    "granted_now": {"en": "Thank you, noted.", "fr": "Merci, c’est noté.", "ar": "شكرًا، سُجّل ذلك."},
    "loyalty_how": {
        "en": "The card needs this. To withdraw it, erase your data below.",
        "fr": "La carte en a besoin. Pour le retirer, effacez vos données ci-dessous.",
        "ar": "تحتاج البطاقة إلى ذلك. لسحب الموافقة امحُ بياناتك أدناه.",
    },
    "consent_records": {"en": "Every record", "fr": "Toutes les traces", "ar": "كل السجلات"},
    "granted": {"en": "agreed", "fr": "accepté", "ar": "موافقة"},
    "withdrawn": {"en": "withdrawn", "fr": "retiré", "ar": "سحب"},
    "data": {"en": "My data", "fr": "Mes données personnelles", "ar": "بياناتي الشخصية"},
    "export_lead": {
        "en": "Everything that this shop knows of you: to read, or as a file to take with you.",
        "fr": "Tout ce que ce commerce sait de vous : à lire, ou en fichier à emporter.",
        "ar": "كل ما يعرفه هذا المتجر عنك: للقراءة أو كملف تأخذه معك.",
    },
    "export_read": {"en": "Read it", "fr": "Le lire", "ar": "اقرأها"},
    "export_file": {
        "en": "Download the file (JSON)",
        "fr": "Télécharger le fichier (JSON)",
        "ar": "نزّل الملف (JSON)",
    },
    "export_title": {"en": "All my data", "fr": "Toutes mes données", "ar": "كل بياناتي"},
    "empty": {"en": "nothing", "fr": "rien", "ar": "لا شيء"},
    "erase_title": {"en": "Erase my data", "fr": "Effacer mes données", "ar": "محو بياناتي"},
    "erase_lead": {
        "en": "For good: name, contact and cards go, with all balances and rewards. It cannot be undone.",
        "fr": "Définitivement : nom, coordonnées et cartes disparaissent, avec soldes et récompenses. C’est irréversible.",
        "ar": "نهائيًا: يُحذف الاسم وبيانات الاتصال والبطاقات مع الأرصدة والمكافآت. ولا رجعة في ذلك.",
    },
    "erase_loses": {"en": "You lose:", "fr": "Vous perdez :", "ar": "ستفقد:"},
    "erase_keeps": {
        "en": "Purchases stay in the books without your name, as the law asks of the shop.",
        "fr": "Les achats restent dans les comptes sans votre nom, comme la loi l’exige du commerce.",
        "ar": "تبقى المشتريات في الدفاتر من دون اسمك كما يفرض القانون على المتجر.",
    },
    "erase_word": {
        "en": "To confirm, type “{word}”",
        "fr": "Pour confirmer, tapez « {word} »",
        "ar": "للتأكيد اكتب «{word}»",
    },
    "erase_word_wrong": {
        "en": "Type the word “{word}” exactly. Nothing has been erased.",
        "fr": "Tapez exactement le mot « {word} ». Rien n’a été effacé.",
        "ar": "اكتب الكلمة «{word}» كما هي. لم يُمحَ شيء.",
    },
    "erase_go": {"en": "To the erasure", "fr": "Vers l’effacement", "ar": "إلى المحو"},
    "erase_button": {
        "en": "Erase everything for good",
        "fr": "Tout effacer définitivement",
        "ar": "امحُ كل شيء نهائيًا",
    },
    "erase_not_here": {
        "en": "This link came from the team and does not erase. Have a link sent to your e-mail, or ask the team.",
        "fr": "Ce lien vient de l’équipe et n’efface pas. Faites-vous envoyer un lien par e-mail, ou demandez à l’équipe.",
        "ar": "هذا الرابط من الفريق ولا يمحو. اطلب رابطًا إلى بريدك أو اسأل الفريق.",
    },
    "erased_title": {"en": "Everything is erased", "fr": "Tout est effacé", "ar": "تم محو كل شيء"},
    "erased_text": {
        "en": "Your cards are void; phones show it within a few moments, and you may delete them there.",
        "fr": "Vos cartes ne valent plus rien ; les téléphones l’affichent sous peu, vous pouvez les y supprimer.",
        "ar": "بطاقاتك لم تعد صالحة، وستظهر كذلك على الهواتف خلال لحظات ويمكنك حذفها منها.",
    },
    "sign_out": {"en": "Sign out", "fr": "Se déconnecter", "ar": "تسجيل الخروج"},
    "form_expired": {
        "en": "This form was too old. Nothing was changed: send it again.",
        "fr": "Ce formulaire était trop ancien. Rien n’a été modifié : envoyez-le à nouveau.",
        "ar": "كان هذا النموذج قديمًا. لم يتغيّر شيء: أرسله مرة أخرى.",
    },
    "add_receipt": {"en": "Add a receipt", "fr": "Ajouter un ticket", "ar": "إضافة إيصال"},
    "receipt_title": {"en": "Your receipt", "fr": "Votre ticket", "ar": "إيصالك"},
    "receipt_no": {
        "en": "This receipt cannot be claimed",
        "fr": "Ce ticket ne peut pas être réclamé",
        "ar": "لا يمكن تسجيل هذا الإيصال",
    },
    "receipt_code": {"en": "Code on the receipt", "fr": "Code du ticket", "ar": "الرمز المطبوع على الإيصال"},
    "receipt_code_hint": {
        "en": "Twelve letters and digits, such as 7K3M-9QRT-XW2P.",
        "fr": "Douze lettres et chiffres, par exemple 7K3M-9QRT-XW2P.",
        "ar": "اثنا عشر حرفًا ورقمًا، مثل 7K3M-9QRT-XW2P.",
    },
    "code_missing": {
        "en": "Type the code that is printed on the receipt.",
        "fr": "Tapez le code imprimé sur le ticket.",
        "ar": "اكتب الرمز المطبوع على الإيصال.",
    },
    "continue_": {"en": "Continue", "fr": "Continuer", "ar": "متابعة"},
    "print_title": {
        "en": "No code? What is printed",
        "fr": "Pas de code ? Ce qui est imprimé",
        "ar": "لا يوجد رمز؟ ما هو مطبوع",
    },
    "print_number": {"en": "Receipt number", "fr": "Numéro du ticket", "ar": "رقم الإيصال"},
    "print_date": {"en": "Date", "fr": "Date", "ar": "التاريخ"},
    "print_total": {"en": "Total in {currency}", "fr": "Total en {currency}", "ar": "المجموع ({currency})"},
    "print_wrong": {
        "en": "Give the number, the date and the total as they are printed.",
        "fr": "Indiquez le numéro, la date et le total tels qu’imprimés.",
        "ar": "اكتب الرقم والتاريخ والمجموع كما هي مطبوعة.",
    },
    "claim_title": {"en": "Put it on your card", "fr": "À mettre sur votre carte", "ar": "أضفه إلى بطاقتك"},
    "claim_gives": {"en": "It gives you:", "fr": "Il vous donne :", "ar": "تحصل على:"},
    "claim_nothing": {
        "en": "It earns nothing by the rules that held then, but it stands in your history.",
        "fr": "Il ne rapporte rien selon les règles d’alors, mais figure dans votre historique.",
        "ar": "لا يُكسبك شيئًا حسب القواعد حينها، لكنه يظهر في سجلّك.",
    },
    "claim_button": {"en": "Claim this receipt", "fr": "Réclamer ce ticket", "ar": "سجّل هذا الإيصال"},
    "claim_who": {"en": "Whose is it?", "fr": "À qui est-il ?", "ar": "لمن هذا الإيصال؟"},
    "claim_until": {
        "en": "It can be claimed until {until}.",
        "fr": "Il peut être réclamé jusqu’au {until}.",
        "ar": "يمكن تسجيله حتى {until}.",
    },
    "claim_known": {"en": "I have a card", "fr": "J’ai une carte", "ar": "لدي بطاقة"},
    "claim_join": {"en": "Join “{program}”", "fr": "Rejoindre « {program} »", "ar": "انضم إلى «{program}»"},
    "claimed_now": {
        "en": "The receipt is on your card.",
        "fr": "Le ticket est sur votre carte.",
        "ar": "أُضيف الإيصال إلى بطاقتك.",
    },
    "how_was_it": {
        "en": "How was it at {place}?",
        "fr": "Comment était-ce chez {place} ?",
        "ar": "كيف كانت زيارتك لدى {place}؟",
    },
    "stars": {"en": "Your stars", "fr": "Vos étoiles", "ar": "نجومك"},
    "stars_hint": {"en": "1 is bad, 5 is very good.", "fr": "1 : mauvais, 5 : très bien.", "ar": "1 سيئ، 5 جيد جدًا."},
    "stars_1": {"en": "star", "fr": "étoile", "ar": "نجمة"},
    "stars_2": {"en": "stars", "fr": "étoiles", "ar": "نجمتان"},
    "stars_3": {"en": "stars", "fr": "étoiles", "ar": "نجوم"},
    "stars_4": {"en": "stars", "fr": "étoiles", "ar": "نجوم"},
    "stars_5": {"en": "stars", "fr": "étoiles", "ar": "نجوم"},
    "stars_missing": {
        "en": "Choose one to five stars.",
        "fr": "Choisissez d’une à cinq étoiles.",
        "ar": "اختر من نجمة إلى خمس نجوم.",
    },
    "words": {"en": "In your words", "fr": "En quelques mots", "ar": "بكلماتك"},
    "say": {"en": "Send", "fr": "Envoyer", "ar": "إرسال"},
    "say_again": {"en": "Change my answer", "fr": "Modifier ma réponse", "ar": "تعديل إجابتي"},
    "said": {
        "en": "Thank you. The team reads it; you can change it for a day.",
        "fr": "Merci. L’équipe le lira ; vous pouvez le modifier pendant un jour.",
        "ar": "شكرًا لك. سيقرؤه الفريق، ويمكنك تعديله خلال يوم.",
    },
    "said_before": {
        "en": "You answered: {stars} of 5. Thank you.",
        "fr": "Votre réponse : {stars} sur 5. Merci.",
        "ar": "إجابتك: {stars} من 5. شكرًا لك.",
    },
    "say_late": {
        "en": "This visit is too long ago to answer.",
        "fr": "Cette visite est trop ancienne pour répondre.",
        "ar": "مضى على هذه الزيارة وقت طويل.",
    },
    "visit_unknown_title": {"en": "Nothing here", "fr": "Rien ici", "ar": "لا شيء هنا"},
    "visit_unknown_text": {
        "en": "This link leads nowhere. Was it copied whole?",
        "fr": "Ce lien ne mène nulle part. A-t-il été copié en entier ?",
        "ar": "هذا الرابط لا يؤدي إلى شيء. هل نُسخ كاملًا؟",
    },
}
# The parts of an export, as people call them; keys inside stay as the file has them.
PARTS: Final[Mapping[str, Sentence]] = {
    "customer": {"en": "Who I am", "fr": "Qui je suis", "ar": "من أنا"},
    "consents": {"en": "What I agreed to", "fr": "Ce que j’ai accepté", "ar": "ما وافقت عليه"},
    "notes": {"en": "What staff wrote", "fr": "Notes de l’équipe", "ar": "ما كتبه الفريق"},
    "messages": {"en": "What was written to me", "fr": "Ce qui m’a été écrit", "ar": "ما كُتب إليّ"},
    "memberships": {"en": "Programs", "fr": "Programmes", "ar": "البرامج"},
    "purchases": {"en": "Purchases", "fr": "Achats", "ar": "المشتريات"},
    "passes": {"en": "Cards", "fr": "Cartes", "ar": "البطاقات"},
    "card_links": {"en": "Links to my cards", "fr": "Liens vers mes cartes", "ar": "روابط بطاقاتي"},
    "accruals": {"en": "What I earned", "fr": "Ce que j’ai gagné", "ar": "ما كسبته"},
    "custom_events": {"en": "Events", "fr": "Événements", "ar": "أحداث"},
    "tier_changes": {"en": "Levels", "fr": "Niveaux", "ar": "المستويات"},
    "balance_history": {"en": "Movements of balances", "fr": "Mouvements des soldes", "ar": "حركات الأرصدة"},
    "community": {
        "en": "Friends, birthdays, household",
        "fr": "Parrainage, anniversaires, foyer",
        "ar": "الأصدقاء وأعياد الميلاد والأسرة",
    },
    "issued_rewards": {"en": "Rewards", "fr": "Récompenses", "ar": "المكافآت"},
    "payments": {"en": "Payments", "fr": "Paiements", "ar": "المدفوعات"},
    "receipts": {"en": "Receipts that I claimed", "fr": "Tickets réclamés", "ar": "إيصالات سجّلتها"},
    "feedback": {"en": "How I found it", "fr": "Mes avis", "ar": "آرائي"},
    "refunds": {"en": "Refunds", "fr": "Remboursements", "ar": "المبالغ المردودة"},
    "gift_cards": {"en": "Gift cards", "fr": "Cartes cadeaux", "ar": "بطاقات الهدايا"},
    "tickets": {"en": "Tickets", "fr": "Billets", "ar": "التذاكر"},
    "coupons": {"en": "Coupons", "fr": "Coupons", "ar": "القسائم"},
    "coupon_redemptions": {"en": "Coupons used", "fr": "Coupons utilisés", "ar": "القسائم المستخدمة"},
    "offline_operations": {
        "en": "What tills sent later",
        "fr": "Envois différés des caisses",
        "ar": "ما أرسلته الصناديق لاحقًا",
    },
    "card_milestones": {"en": "First steps of cards", "fr": "Premiers pas des cartes", "ar": "أولى مراحل البطاقات"},
    "visits": {"en": "Visits", "fr": "Visites", "ar": "الزيارات"},
    "own_page": {"en": "My page", "fr": "Ma page", "ar": "صفحتي"},
}
_BY_LANGUAGE: Final[dict[Language, dict[str, str]]] = {
    language: {name: typeset(sentence[language], language) for name, sentence in _TEXTS.items()}
    for language in LANGUAGES
}


def page_texts(language: Language) -> Mapping[str, str]:
    """All texts of my page in one language, by name."""
    return _BY_LANGUAGE[language]


def part_name(part: str, language: Language) -> str:
    """What a part of an export is called."""
    sentence = PARTS.get(part)
    return sentence[language] if sentence else part.replace("_", " ").capitalize()
