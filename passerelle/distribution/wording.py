# ruff: noqa: E501, RUF001  one sentence is one line, with the apostrophes of print
"""Every sentence of the public pages and posters, in the languages of the product."""

from collections.abc import Mapping
from typing import Final

from passerelle.kit.i18n import LANGUAGES, Language, Sentence

LANGUAGE_NAMES: Final[Mapping[Language, str]] = {"fr": "Français", "en": "English", "ar": "العربية"}

_TEXTS: Final[Mapping[str, Sentence]] = {
    "language_switch": {"en": "Language", "fr": "Langue", "ar": "اللغة"},
    "join_title": {"en": "Get your card", "fr": "Recevez votre carte", "ar": "احصل على بطاقتك"},
    "join_lead": {
        "en": "Free, on your phone, in less than a minute.",
        "fr": "Gratuite, sur votre téléphone, en moins d’une minute.",
        "ar": "مجانية، على هاتفك، في أقل من دقيقة.",
    },
    "reward": {
        "en": "{reward} after {amount}",
        "fr": "{reward} dès {amount}",
        "ar": "{reward} عند جمع {amount}",
    },
    "no_reward": {
        "en": "Every visit counts: your loyalty card, always with you.",
        "fr": "Chaque visite compte : votre carte de fidélité, toujours sur vous.",
        "ar": "كل زيارة لها قيمتها: بطاقة ولائك معك دائمًا.",
    },
    "name_label": {"en": "Your name", "fr": "Votre nom", "ar": "اسمك"},
    "phone_label": {"en": "Mobile number", "fr": "Numéro de mobile", "ar": "رقم الهاتف المحمول"},
    "phone_hint": {
        "en": "Write it as you always do. From another country: start with +.",
        "fr": "Écrivez-le comme d’habitude. D’un autre pays : commencez par +.",
        "ar": "اكتبه كما تكتبه عادةً. وإن كان من بلد آخر فابدأ بعلامة +.",
    },
    "email_label": {"en": "E-mail", "fr": "E-mail", "ar": "البريد الإلكتروني"},
    "optional": {"en": "optional", "fr": "facultatif", "ar": "اختياري"},
    "required": {"en": "required", "fr": "obligatoire", "ar": "إلزامي"},
    "submit": {"en": "Get my card", "fr": "Recevoir ma carte", "ar": "أريد بطاقتي"},
    "leave_empty": {"en": "Leave this empty", "fr": "Laissez ce champ vide", "ar": "اترك هذه الخانة فارغة"},
    "correct": {
        "en": "Almost there. Please correct what is marked below.",
        "fr": "Vous y êtes presque. Corrigez ce qui est signalé ci-dessous.",
        "ar": "بقي القليل. صحّح ما هو مُشار إليه أدناه.",
    },
    "name_missing": {"en": "Write your name.", "fr": "Écrivez votre nom.", "ar": "اكتب اسمك."},
    "name_too_long": {
        "en": "This is too long: at most {limit} letters fit on a card.",
        "fr": "C’est trop long : une carte porte au plus {limit} lettres.",
        "ar": "الاسم طويل جدًا: تتسع البطاقة لـ {limit} حرف على الأكثر.",
    },
    "phone_missing": {
        "en": "Write your phone number.",
        "fr": "Écrivez votre numéro de téléphone.",
        "ar": "اكتب رقم هاتفك.",
    },
    "loyalty_missing": {
        "en": "Tick this box to receive the card: without it we may not keep your details.",
        "fr": "Cochez cette case pour recevoir la carte : sans elle, nous ne pouvons pas conserver vos données.",
        "ar": "ضع علامة في هذه الخانة لتحصل على البطاقة: من دونها لا يمكننا الاحتفاظ ببياناتك.",
    },
    "form_expired": {
        "en": "This page was open for a long time. Nothing is lost: press the button once more.",
        "fr": "Cette page est restée ouverte longtemps. Rien n’est perdu : appuyez encore une fois sur le bouton.",
        "ar": "بقيت هذه الصفحة مفتوحة طويلًا. لم يضِع شيء: اضغط على الزر مرة أخرى.",
    },
    "too_many": {
        "en": "Many cards were asked for from this connection. Wait {minutes} minutes, then press the button again.",
        "fr": "Beaucoup de cartes ont été demandées depuis cette connexion. Attendez {minutes} minutes, puis appuyez à nouveau sur le bouton.",
        "ar": "طُلبت بطاقات كثيرة من هذا الاتصال. انتظر {minutes} دقيقة ثم اضغط على الزر مجددًا.",
    },
    "gift_card_words": {
        "en": "A gift card, always with you.",
        "fr": "Une carte cadeau, toujours sur vous.",
        "ar": "بطاقة هدية معك دائمًا.",
    },
    "card_title": {"en": "Your card is ready", "fr": "Votre carte est prête", "ar": "بطاقتك جاهزة"},
    "card_lead": {
        "en": "Add it to your phone, then show it on every visit.",
        "fr": "Ajoutez-la à votre téléphone, puis présentez-la à chaque visite.",
        "ar": "أضفها إلى هاتفك، ثم أظهرها في كل زيارة.",
    },
    "add_apple": {
        "en": "Add to Apple Wallet",
        "fr": "Ajouter à Apple Wallet",
        "ar": "الإضافة إلى Apple Wallet",
    },
    "add_google": {
        "en": "Add to Google Wallet",
        "fr": "Ajouter à Google Wallet",
        "ar": "الإضافة إلى Google Wallet",
    },
    "scan_with_phone": {
        "en": "Scan this with your phone’s camera: the card opens there.",
        "fr": "Scannez ce code avec l’appareil photo de votre téléphone : la carte s’y ouvre.",
        "ar": "امسح هذا الرمز بكاميرا هاتفك لتُفتح البطاقة عليه.",
    },
    "link_is_yours": {
        "en": "This link is your card. Do not pass it on.",
        "fr": "Ce lien est votre carte : ne le transmettez pas.",
        "ar": "هذا الرابط هو بطاقتك، فلا ترسله إلى غيرك.",
    },
    "show_at_till": {
        "en": "Your card’s code. Show it at the till: it works without a wallet app, too.",
        "fr": "Le code de votre carte. Présentez-le en caisse : il sert aussi sans application Wallet.",
        "ar": "رمز بطاقتك. أظهره عند الصندوق: يعمل أيضًا من دون تطبيق محفظة.",
    },
    "no_wallet": {
        "en": "This shop has not set up phone wallets yet. Keep this page, or take a picture of the code.",
        "fr": "Ce commerce n’a pas encore activé les cartes Wallet. Gardez cette page, ou photographiez le code.",
        "ar": "لم يفعّل هذا المتجر محافظ الهواتف بعد. احتفظ بهذه الصفحة أو التقط صورة للرمز.",
    },
    "no_apple": {
        "en": "Apple Wallet is not set up for this shop yet. The code below serves as your card until then.",
        "fr": "Apple Wallet n’est pas encore activé ici. En attendant, le code ci-dessous est votre carte.",
        "ar": "لم يُفعَّل Apple Wallet لهذا المتجر بعد. إلى ذلك الحين، الرمز أدناه هو بطاقتك.",
    },
    "no_google": {
        "en": "Google Wallet is not set up for this shop yet. The code below serves as your card until then.",
        "fr": "Google Wallet n’est pas encore activé ici. En attendant, le code ci-dessous est votre carte.",
        "ar": "لم يُفعَّل Google Wallet لهذا المتجر بعد. إلى ذلك الحين، الرمز أدناه هو بطاقتك.",
    },
    "google_unavailable": {
        "en": "Google Wallet does not answer right now. Try again in a minute; the code below is your card until then.",
        "fr": "Google Wallet ne répond pas pour le moment. Réessayez dans une minute ; en attendant, le code ci-dessous est votre carte.",
        "ar": "لا يستجيب Google Wallet حاليًا. أعد المحاولة بعد دقيقة؛ إلى ذلك الحين، الرمز أدناه هو بطاقتك.",
    },
    "open_in_safari": {
        "en": "You are inside another app, which may not be able to add cards. If the button does nothing, open this page in Safari.",
        "fr": "Vous êtes dans une autre application, qui ne sait peut-être pas ajouter une carte. Si le bouton ne fait rien, ouvrez cette page dans Safari.",
        "ar": "أنت داخل تطبيق آخر قد لا يستطيع إضافة البطاقات. إذا لم يستجب الزر فافتح هذه الصفحة في Safari.",
    },
    "member_title": {
        "en": "We know this number already",
        "fr": "Nous connaissons déjà ce numéro",
        "ar": "هذا الرقم معروف لدينا",
    },
    "member_text": {
        "en": "To protect the card that goes with it, we do not show it to everybody who knows the number. Ask at the till: the team finds you and hands you your card in a moment.",
        "fr": "Pour protéger la carte qui va avec, nous ne la montrons pas à quiconque connaît le numéro. Demandez en caisse : l’équipe vous retrouve et vous remet votre carte en un instant.",
        "ar": "حمايةً للبطاقة المرتبطة به، لا نعرضها لكل من يعرف الرقم. اسأل عند الصندوق: سيجدك الفريق ويسلّمك بطاقتك في لحظات.",
    },
    "other_number": {
        "en": "Use another number",
        "fr": "Utiliser un autre numéro",
        "ar": "استخدام رقم آخر",
    },
    "nowhere_title": {
        "en": "There is no page here",
        "fr": "Aucune page à cette adresse",
        "ar": "لا توجد صفحة على هذا العنوان",
    },
    "nowhere_text": {
        "en": "The address is incomplete or wrong. Check it, or come back by the link or the code you were given.",
        "fr": "L’adresse est incomplète ou erronée. Vérifiez-la, ou revenez par le lien ou le code reçu.",
        "ar": "العنوان ناقص أو غير صحيح. تحقّق منه أو عُد عبر الرابط أو الرمز الذي استلمته.",
    },
    "not_found_title": {
        "en": "There is no card here",
        "fr": "Aucune carte à cette adresse",
        "ar": "لا توجد بطاقة على هذا العنوان",
    },
    "not_found_text": {
        "en": "The address is incomplete or wrong. Scan the code at the till once more, or ask the team.",
        "fr": "L’adresse est incomplète ou erronée. Scannez à nouveau le code en caisse, ou demandez à l’équipe.",
        "ar": "العنوان ناقص أو غير صحيح. امسح الرمز عند الصندوق مرة أخرى أو اسأل الفريق.",
    },
    "gone_title": {
        "en": "This program takes no new members now",
        "fr": "Ce programme n’accueille plus de nouveaux membres",
        "ar": "لا يقبل هذا البرنامج أعضاء جددًا حاليًا",
    },
    "gone_text": {
        "en": "It is paused or has ended. Cards that were given out stay in their wallets. Ask at the till what is on.",
        "fr": "Il est en pause ou terminé. Les cartes déjà remises restent dans les téléphones. Renseignez-vous en caisse.",
        "ar": "البرنامج متوقف مؤقتًا أو انتهى. تبقى البطاقات الممنوحة في الهواتف. اسأل عند الصندوق عن الجديد.",
    },
    "not_ready_title": {
        "en": "The card is not ready yet",
        "fr": "La carte n’est pas encore prête",
        "ar": "البطاقة ليست جاهزة بعد",
    },
    "not_ready_text": {
        "en": "The shop is still preparing it. Nothing was stored. Try again later, or ask at the till.",
        "fr": "Le commerce la prépare encore. Rien n’a été enregistré. Réessayez plus tard, ou demandez en caisse.",
        "ar": "لا يزال المتجر يُعدّها. لم يُحفظ شيء. أعد المحاولة لاحقًا أو اسأل عند الصندوق.",
    },
    "handout_title": {"en": "This is for you", "fr": "C’est pour vous", "ar": "هذا لك"},
    "handout_lead": {
        "en": "One for each phone. It goes into your wallet; show it at the till.",
        "fr": "Un par téléphone. Il va dans votre Wallet ; présentez-le en caisse.",
        "ar": "واحدة لكل هاتف. تُضاف إلى محفظتك، ثم أظهرها عند الصندوق.",
    },
    "gift_page_title": {"en": "Give it away", "fr": "Faites plaisir", "ar": "أهدِها لمن تحب"},
    "gift_page_lead": {
        "en": "Ask for it at the till: it comes as a card for the phone, with your greeting if you like, and can be spent"
        " in as many purchases as you want.",
        "fr": "Demandez-la en caisse : c’est une carte pour le téléphone, avec un mot de votre part si vous voulez, à"
        " dépenser en autant d’achats que souhaité.",
        "ar": "اطلبها عند الصندوق: بطاقة للهاتف مع تهنئة منك إن أردت، وتُصرف على أي عدد من المشتريات.",
    },
    "gift_page_places": {"en": "Where to find us", "fr": "Où nous trouver", "ar": "أين تجدنا"},
    "gift_page_site": {"en": "Our website", "fr": "Notre site", "ar": "موقعنا"},
    "handout_button": {"en": "Get my coupon", "fr": "Recevoir mon bon", "ar": "احصل على قسيمتي"},
    "tickets_lead": {
        "en": "One ticket for each phone. It goes into your wallet; show it at the entrance.",
        "fr": "Un billet par téléphone. Il va dans votre Wallet ; présentez-le à l’entrée.",
        "ar": "تذكرة واحدة لكل هاتف. تُضاف إلى محفظتك، ثم أظهرها عند المدخل.",
    },
    "tickets_button": {"en": "Get my ticket", "fr": "Recevoir mon billet", "ar": "احصل على تذكرتي"},
    "tickets_over_title": {
        "en": "There are no tickets left here",
        "fr": "Il n’y a plus de billets ici",
        "ar": "لم تبق تذاكر هنا",
    },
    "tickets_over_text": {
        "en": "All tickets are taken, or the event is over or was cancelled. Ask the organizer.",
        "fr": "Tous les billets sont pris, ou l’événement est terminé ou annulé. Demandez à l’organisateur.",
        "ar": "نفدت التذاكر، أو انتهى الحدث أو أُلغي. اسأل المنظّم.",
    },
    "handout_over_title": {
        "en": "There is nothing left here",
        "fr": "Il n’y a plus rien ici",
        "ar": "لم يبق شيء هنا",
    },
    "handout_over_text": {
        "en": "This offer is over or all coupons are taken. Ask at the till what is on offer now.",
        "fr": "Cette offre est terminée, ou tous les bons sont partis. Demandez en caisse ce qui est proposé en ce moment.",
        "ar": "انتهى هذا العرض أو نفدت القسائم. اسأل عند الصندوق عن العروض الحالية.",
    },
    "over_title": {
        "en": "This card was used or is over",
        "fr": "Cette carte a été utilisée ou a expiré",
        "ar": "استُخدمت هذه البطاقة أو انتهت صلاحيتها",
    },
    "over_text": {
        "en": "It cannot be used any more. Ask at the till what is on offer now.",
        "fr": "Elle ne peut plus être utilisée. Demandez en caisse ce qui est proposé en ce moment.",
        "ar": "لم يعد استخدامها ممكنًا. اسأل عند الصندوق عن العروض الحالية.",
    },
    "blocked_title": {
        "en": "This card is blocked",
        "fr": "Cette carte est bloquée",
        "ar": "هذه البطاقة محظورة",
    },
    "blocked_text": {
        "en": "Ask at the till: the team can tell you why and help.",
        "fr": "Demandez en caisse : l’équipe peut vous dire pourquoi et vous aider.",
        "ar": "اسأل عند الصندوق: يمكن للفريق أن يخبرك بالسبب ويساعدك.",
    },
    "failed_title": {
        "en": "That did not work",
        "fr": "Cela n’a pas fonctionné",
        "ar": "لم ينجح ذلك",
    },
    "failed_text": {
        "en": "Nothing was stored. Go back and try again in a moment.",
        "fr": "Rien n’a été enregistré. Revenez en arrière et réessayez dans un instant.",
        "ar": "لم يُحفظ شيء. ارجع وأعد المحاولة بعد لحظات.",
    },
    "preview_text": {
        "en": "A loyalty card for your phone.",
        "fr": "Une carte de fidélité pour votre téléphone.",
        "ar": "بطاقة ولاء لهاتفك.",
    },
    "privacy_title": {
        "en": "How your details are used",
        "fr": "Comment vos données sont utilisées",
        "ar": "كيف تُستخدم بياناتك",
    },
    "privacy_controller": {"en": "Responsible", "fr": "Responsable", "ar": "المسؤول عن المعالجة"},
    "privacy_purpose": {"en": "Purpose", "fr": "Finalité", "ar": "الغرض"},
    "privacy_purpose_text": {
        "en": "To run your loyalty card. Offers only if you agree to them.",
        "fr": "Gérer votre carte de fidélité. Des offres seulement si vous les acceptez.",
        "ar": "إدارة بطاقة ولائك. ولا عروض إلا بموافقتك.",
    },
    "privacy_data": {"en": "Details", "fr": "Données", "ar": "البيانات"},
    "privacy_data_text": {
        "en": "What you write here, your visits, purchases and rewards. Adding the card gives Apple or Google a copy of what it shows. One cookie recognises this browser should you join again.",
        "fr": "Ce que vous écrivez ici, vos visites, achats et récompenses. Si vous ajoutez la carte, Apple ou Google reçoit une copie de ce qu’elle affiche. Un cookie reconnaît ce navigateur si vous revenez.",
        "ar": "ما تكتبه هنا، وزياراتك ومشترياتك ومكافآتك. عند إضافة البطاقة تحصل Apple أو Google على نسخة مما يظهر عليها. ويتعرّف ملف تعريف ارتباط واحد على هذا المتصفح إذا عدت.",
    },
    "privacy_rights": {"en": "Your rights", "fr": "Vos droits", "ar": "حقوقك"},
    "privacy_rights_text": {
        "en": "See, correct or erase your details, take them with you, object, withdraw a consent: at any time, free.",
        "fr": "Consulter, corriger ou effacer vos données, les récupérer, vous opposer, retirer un consentement : à tout moment, gratuitement.",
        "ar": "الاطلاع على بياناتك أو تصحيحها أو محوها أو نقلها، والاعتراض، وسحب الموافقة: في أي وقت ومجانًا.",
    },
    "privacy_ask": {
        "en": "Ask at the till, or write to {email}.",
        "fr": "Demandez en caisse, ou écrivez à {email}.",
        "ar": "اسأل عند الصندوق أو راسل {email}.",
    },
    "privacy_ask_at_till": {"en": "Ask at the till.", "fr": "Demandez en caisse.", "ar": "اسأل عند الصندوق."},
    "privacy_officer": {
        "en": "Data protection officer",
        "fr": "Délégué à la protection des données",
        "ar": "مسؤول حماية البيانات",
    },
    "privacy_cndp": {
        "en": "CNDP receipt (law 09-08)",
        "fr": "Récépissé CNDP (loi 09-08)",
        "ar": "وصل اللجنة الوطنية CNDP (القانون 09-08)",
    },
    "privacy_policy": {
        "en": "The whole privacy notice",
        "fr": "La politique de confidentialité complète",
        "ar": "سياسة الخصوصية كاملة",
    },
    "tier_days": {"en": "{number} days", "fr": "{number} jours", "ar": "{number} يوم"},
    "tier_visits": {"en": "{number} visits", "fr": "{number} visites", "ar": "{number} زيارة"},
    "still_missing": {"en": "{missing} to go", "fr": "Encore {missing}", "ar": "بقي {missing}"},
    "lapses": {
        "en": "{amount}: use by {day}",
        "fr": "{amount} à utiliser d’ici le {day}",
        "ar": "{amount}: تُستخدم قبل نهاية {day}",
    },
    "ready": {"en": "Ready for you", "fr": "Prêt pour vous", "ar": "جاهزة لك"},
    "next_reward": {"en": "Next reward", "fr": "Prochaine récompense", "ar": "المكافأة التالية"},
    "next_tier": {"en": "Next level", "fr": "Niveau suivant", "ar": "المستوى التالي"},
    "your_tier": {"en": "Your level", "fr": "Votre niveau", "ar": "مستواك"},
    "tier_until": {"en": "until {day}", "fr": "jusqu’au {day}", "ar": "حتى {day}"},
    "term": {"en": "Your membership", "fr": "Votre adhésion", "ar": "عضويتك"},
    "term_active": {"en": "Valid until {day}", "fr": "Valable jusqu’au {day}", "ar": "سارية حتى {day}"},
    "term_grace": {
        "en": "It ended on {day} and still counts for some days: please renew it",
        "fr": "Elle a pris fin le {day} et compte encore quelques jours : pensez à la renouveler",
        "ar": "انتهت في {day} وما زالت محتسبة بضعة أيام: يُرجى تجديدها",
    },
    "term_lapsed": {
        "en": "It ended on {day}: renew it to go on",
        "fr": "Elle a pris fin le {day} : renouvelez-la pour continuer",
        "ar": "انتهت في {day}: جدّدها للمتابعة",
    },
    "term_unpaid": {
        "en": "Not paid yet: it begins with your first payment",
        "fr": "Pas encore payée : elle commence avec votre premier paiement",
        "ar": "لم تُدفع بعد: تبدأ مع أول دفعة",
    },
    "term_endless": {"en": "Valid", "fr": "Valable", "ar": "سارية"},
    "lapsing": {"en": "Do not forget", "fr": "À ne pas oublier", "ar": "لا تنسَ"},
    "balance": {"en": "Balance", "fr": "Solde", "ar": "الرصيد"},
    "stamps_of": {
        "en": "{count} of {goal} stamps",
        "fr": "{count} tampons sur {goal}",
        "ar": "{count} من {goal} أختام",
    },
    "card_back": {"en": "More about this card", "fr": "Plus sur cette carte", "ar": "المزيد عن هذه البطاقة"},
    "your_card": {"en": "Your card", "fr": "Votre carte", "ar": "بطاقتك"},
    "show_large": {"en": "Show the code large", "fr": "Afficher le code en grand", "ar": "عرض الرمز كبيرًا"},
    "close": {"en": "Close", "fr": "Fermer", "ar": "إغلاق"},
    "card_void": {
        "en": "This card is no longer valid. Open the page again, or ask at the till.",
        "fr": "Cette carte n’est plus valable. Rouvrez la page, ou demandez en caisse.",
        "ar": "لم تعد هذه البطاقة صالحة. أعد فتح الصفحة أو اسأل عند الصندوق.",
    },
    "code_stale": {
        "en": "The code has run out. Connect to the internet for a new one.",
        "fr": "Le code n'est plus valable. Connectez-vous à Internet pour en avoir un nouveau.",
        "ar": "انتهت صلاحية الرمز. اتصل بالإنترنت للحصول على رمز جديد.",
    },
    "card_offline": {
        "en": "No network: this is the card as it was on {time}. It may have changed since.",
        "fr": "Pas de réseau : voici la carte telle qu’elle était le {time}. Elle a pu changer depuis.",
        "ar": "لا توجد شبكة: هذه البطاقة كما كانت في {time}، وقد تكون تغيّرت منذ ذلك الحين.",
    },
    "to_my_page": {
        "en": "My details and privacy",
        "fr": "Mes données et ma confidentialité",
        "ar": "بياناتي وخصوصيتي",
    },
    "on_your_phone": {"en": "Open it on your phone", "fr": "L’ouvrir sur votre téléphone", "ar": "افتحها على هاتفك"},
    "poster_call": {
        "en": "Scan to get your card",
        "fr": "Scannez, recevez votre carte",
        "ar": "امسح الرمز واحصل على بطاقتك",
    },
    "poster_step_1": {
        "en": "Scan the code with your camera",
        "fr": "Scannez le code avec l’appareil photo",
        "ar": "امسح الرمز بكاميرا هاتفك",
    },
    "poster_step_2": {
        "en": "Enter your name and number",
        "fr": "Indiquez votre nom et votre numéro",
        "ar": "اكتب اسمك ورقم هاتفك",
    },
    "poster_step_3": {
        "en": "Add the card to your phone",
        "fr": "Ajoutez la carte à votre téléphone",
        "ar": "أضف البطاقة إلى هاتفك",
    },
    "poster_check_in_title": {"en": "Check in here", "fr": "Signalez votre passage", "ar": "سجّل حضورك هنا"},
    "poster_check_in_text": {
        "en": "Each visit counts: note yours with your phone.",
        "fr": "Chaque visite compte : notez la vôtre avec votre téléphone.",
        "ar": "كل زيارة محسوبة: سجّل زيارتك بهاتفك.",
    },
    "poster_check_in_call": {
        "en": "Scan to check in",
        "fr": "Scannez pour signaler votre passage",
        "ar": "امسح الرمز لتسجيل حضورك",
    },
    "poster_check_in_step_2": {
        "en": "Sign in, the first time",
        "fr": "Identifiez-vous, la première fois",
        "ar": "عرّف بنفسك في المرة الأولى",
    },
    "poster_check_in_step_3": {
        "en": "Tap “I am here”",
        "fr": "Touchez « Je suis là »",
        "ar": "اضغط على «أنا هنا»",
    },
    "poster_coupon_call": {
        "en": "Scan to get your coupon",
        "fr": "Scannez, recevez votre bon",
        "ar": "امسح الرمز واحصل على قسيمتك",
    },
    "poster_coupon_step_2": {
        "en": "Add the coupon to your phone",
        "fr": "Ajoutez le bon à votre téléphone",
        "ar": "أضف القسيمة إلى هاتفك",
    },
    "poster_coupon_step_3": {"en": "Show it at the till", "fr": "Présentez-le en caisse", "ar": "أظهرها عند الصندوق"},
    "poster_ticket_call": {
        "en": "Scan to get your ticket",
        "fr": "Scannez, recevez votre billet",
        "ar": "امسح الرمز واحصل على تذكرتك",
    },
    "poster_ticket_step_2": {
        "en": "Add the ticket to your phone",
        "fr": "Ajoutez le billet à votre téléphone",
        "ar": "أضف التذكرة إلى هاتفك",
    },
    "poster_ticket_step_3": {
        "en": "Show it at the entrance",
        "fr": "Présentez-le à l’entrée",
        "ar": "أظهرها عند المدخل",
    },
    "poster_gift_card_call": {
        "en": "Give it away",
        "fr": "Faites plaisir",
        "ar": "أهدِها لمن تحب",
    },
    "poster_gift_card_step_2": {
        "en": "Ask for it at the till",
        "fr": "Demandez-la en caisse",
        "ar": "اطلبها عند الصندوق",
    },
    "poster_gift_card_step_3": {
        "en": "Send it to a phone you like",
        "fr": "Envoyez-la sur le téléphone d’un proche",
        "ar": "أرسلها إلى هاتف من تحب",
    },
    "open_card": {"en": "Open my card", "fr": "Ouvrir ma carte", "ar": "افتح بطاقتي"},
    "kiosk_or": {"en": "or", "fr": "ou", "ar": "أو"},
    "kiosk_here": {"en": "Fill in here", "fr": "Remplir ici", "ar": "املأ البيانات هنا"},
    "kiosk_cancel": {"en": "Cancel", "fr": "Annuler", "ar": "إلغاء"},
    "kiosk_done": {"en": "Done", "fr": "Terminé", "ar": "تم"},
    "kiosk_closes": {
        "en": "This page closes by itself. Seconds left:",
        "fr": "Cette page se ferme d’elle-même. Secondes restantes :",
        "ar": "تُغلق هذه الصفحة تلقائيًا. الثواني المتبقية:",
    },
    "kiosk_still": {
        "en": "Still there? What you typed is about to be cleared. Touch the screen to go on.",
        "fr": "Toujours là ? Votre saisie va être effacée. Touchez l’écran pour continuer.",
        "ar": "أما زلت هنا؟ سيُمحى ما كتبته قريبًا. المس الشاشة للمتابعة.",
    },
    "kiosk_offline": {
        "en": "No connection right now. Nothing is lost: try again in a moment, or ask the team.",
        "fr": "Pas de connexion pour le moment. Rien n’est perdu : réessayez dans un instant, ou demandez à l’équipe.",
        "ar": "لا يوجد اتصال حاليًا. لم يضِع شيء: أعد المحاولة بعد لحظات أو اسأل الفريق.",
    },
    "kiosk_closed_title": {
        "en": "This kiosk is closed",
        "fr": "Cette borne est fermée",
        "ar": "هذا الكشك مغلق",
    },
    "kiosk_closed_text": {
        "en": "Its address is wrong, or no longer valid. Open a new one in the dashboard: Distribution, Kiosks.",
        "fr": "Son adresse est erronée ou n’est plus valable. Ouvrez-en une autre dans le tableau de bord : Diffusion, Bornes.",
        "ar": "عنوانه غير صحيح أو لم يعد صالحًا. افتح كشكًا جديدًا من لوحة التحكم: التوزيع، الأكشاك.",
    },
    "poster_or_type": {"en": "Or type:", "fr": "Ou tapez :", "ar": "أو اكتب:"},
}


def typeset(text: str, language: Language) -> str:
    """French puts spaces where no line may break: before colons and the like, inside guillemets."""
    if language == "fr":
        for sign in (" :", " ;", " ?", " !", " »"):
            text = text.replace(sign, "\N{NO-BREAK SPACE}" + sign[1])
        text = text.replace("« ", "«\N{NO-BREAK SPACE}")
    return text


_BY_LANGUAGE: Final[dict[Language, dict[str, str]]] = {
    language: {name: typeset(sentence[language], language) for name, sentence in _TEXTS.items()}
    for language in LANGUAGES
}


def texts(language: Language) -> Mapping[str, str]:
    """All texts in one language, by name."""
    return _BY_LANGUAGE[language]
