"""Google's field names and shapes, as types: what editors complete and mypy checks.

From the discovery document of the API, revision 20260806 (a test compares the two). Deprecated fields and those
that only Google sets are left out; a body is a plain dict, so what is missing here can still be added.
"""

from typing import Any, Literal, TypedDict

ReviewStatus = Literal["DRAFT", "UNDER_REVIEW"]
State = Literal["ACTIVE", "COMPLETED", "EXPIRED", "INACTIVE"]
HoldersStatus = Literal["MULTIPLE_HOLDERS", "ONE_USER_ALL_DEVICES", "ONE_USER_ONE_DEVICE"]
UnlockRequirement = Literal["UNLOCK_NOT_REQUIRED", "UNLOCK_REQUIRED_TO_VIEW"]
RedemptionChannel = Literal["INSTORE", "ONLINE", "BOTH", "TEMPORARY_PRICE_REDUCTION"]
MessageType = Literal["TEXT", "TEXT_AND_NOTIFY"]
BarcodeType = Literal[
    "AZTEC", "CODE_39", "CODE_128", "CODABAR", "DATA_MATRIX", "EAN_8", "EAN_13", "ITF_14", "PDF_417", "QR_CODE",
    "UPC_A", "TEXT_ONLY",
]  # fmt: skip
GenericType = Literal[
    "GENERIC_SEASON_PASS", "GENERIC_UTILITY_BILLS", "GENERIC_PARKING_PASS", "GENERIC_VOUCHER",
    "GENERIC_GYM_MEMBERSHIP", "GENERIC_LIBRARY_MEMBERSHIP", "GENERIC_RESERVATIONS", "GENERIC_AUTO_INSURANCE",
    "GENERIC_HOME_INSURANCE", "GENERIC_ENTRY_TICKET", "GENERIC_RECEIPT", "GENERIC_LOYALTY_CARD",
    "GENERIC_BUSINESS_CARD", "GENERIC_BARCODE_PASS", "GENERIC_MEMBERSHIP_CARD", "GENERIC_STUDENT_CARD",
    "GENERIC_TRANSIT_PASS", "GENERIC_VEHICLE_REGISTRATION", "GENERIC_OTHER",
]  # fmt: skip


class TranslatedString(TypedDict):
    language: str
    value: str


class LocalizedString(TypedDict, total=False):
    defaultValue: TranslatedString
    translatedValues: list[TranslatedString]


class ImageUri(TypedDict):
    uri: str


class Image(TypedDict, total=False):
    sourceUri: ImageUri
    privateImageId: str
    contentDescription: LocalizedString


class Uri(TypedDict, total=False):
    uri: str
    description: str
    localizedDescription: LocalizedString
    id: str


class LinksModuleData(TypedDict):
    uris: list[Uri]


class ImageModuleData(TypedDict, total=False):
    id: str
    mainImage: Image


class TextModuleData(TypedDict, total=False):
    id: str
    header: str
    body: str
    localizedHeader: LocalizedString
    localizedBody: LocalizedString


class Money(TypedDict):
    micros: str
    currencyCode: str


class LoyaltyPointsBalance(TypedDict, total=False):
    string: str
    int: int
    double: float
    money: Money


class LoyaltyPoints(TypedDict, total=False):
    label: str
    localizedLabel: LocalizedString
    balance: LoyaltyPointsBalance


class Barcode(TypedDict, total=False):
    type: BarcodeType
    value: str
    alternateText: str
    renderEncoding: Literal["UTF_8"]
    showCodeText: LocalizedString


class TotpParameters(TypedDict):
    key: str
    valueLength: int


class TotpDetails(TypedDict):
    algorithm: Literal["TOTP_SHA1"]
    periodMillis: str
    parameters: list[TotpParameters]


class RotatingBarcode(TypedDict, total=False):
    type: BarcodeType
    valuePattern: str
    totpDetails: TotpDetails
    alternateText: str
    renderEncoding: Literal["UTF_8"]
    showCodeText: LocalizedString


class Coordinates(TypedDict):
    latitude: float
    longitude: float


class DateTime(TypedDict):
    date: str


class TimeInterval(TypedDict, total=False):
    start: DateTime
    end: DateTime


class Message(TypedDict, total=False):
    id: str
    header: str
    body: str
    localizedHeader: LocalizedString
    localizedBody: LocalizedString
    messageType: MessageType
    displayInterval: TimeInterval


class ValueAddedModuleData(TypedDict, total=False):
    header: LocalizedString
    body: LocalizedString
    image: Image
    uri: str
    sortIndex: int
    viewConstraints: dict[str, TimeInterval]


class AppTarget(TypedDict, total=False):
    targetUri: Uri
    packageName: str


class AppLinkInfo(TypedDict):
    appTarget: AppTarget


class AppLinkData(TypedDict, total=False):
    androidAppLinkInfo: AppLinkInfo
    webAppLinkInfo: AppLinkInfo
    displayText: LocalizedString


class CallbackOptions(TypedDict):
    url: str


class SaveRestrictions(TypedDict):
    restrictToEmailSha256: str


class PassConstraints(TypedDict, total=False):
    screenshotEligibility: Literal["ELIGIBLE", "INELIGIBLE"]
    nfcConstraint: list[Literal["BLOCK_PAYMENT", "BLOCK_CLOSED_LOOP_TRANSIT"]]


class GroupingInfo(TypedDict, total=False):
    groupingId: str
    sortIndex: int


class SecurityAnimation(TypedDict):
    animationType: Literal["FOIL_SHIMMER"]


class FieldReference(TypedDict, total=False):
    fieldPath: str
    dateFormat: Literal[
        "DATE_TIME", "DATE_ONLY", "TIME_ONLY", "DATE_TIME_YEAR", "DATE_YEAR", "YEAR_MONTH", "YEAR_MONTH_DAY"
    ]


class FieldSelector(TypedDict):
    fields: list[FieldReference]


class TemplateItem(TypedDict, total=False):
    firstValue: FieldSelector
    secondValue: FieldSelector


class OneItem(TypedDict):
    item: TemplateItem


class TwoItems(TypedDict):
    startItem: TemplateItem
    endItem: TemplateItem


class ThreeItems(TypedDict):
    startItem: TemplateItem
    middleItem: TemplateItem
    endItem: TemplateItem


class CardRow(TypedDict, total=False):
    oneItem: OneItem
    twoItems: TwoItems
    threeItems: ThreeItems


class CardTemplateOverride(TypedDict):
    cardRowTemplateInfos: list[CardRow]


class ClassTemplateInfo(TypedDict, total=False):
    cardTemplateOverride: CardTemplateOverride
    cardBarcodeSectionDetails: dict[str, Any]
    detailsTemplateOverride: dict[str, Any]
    listTemplateOverride: dict[str, Any]


class GenericClassFields(TypedDict, total=False):
    """Optional fields that every class has."""

    appLinkData: AppLinkData
    callbackOptions: CallbackOptions
    classTemplateInfo: ClassTemplateInfo
    enableSmartTap: bool
    imageModulesData: list[ImageModuleData]
    linksModuleData: LinksModuleData
    merchantLocations: list[Coordinates]
    messages: list[Message]
    multipleDevicesAndHoldersAllowedStatus: HoldersStatus
    redemptionIssuers: list[str]
    securityAnimation: SecurityAnimation
    textModulesData: list[TextModuleData]
    valueAddedModuleData: list[ValueAddedModuleData]
    viewUnlockRequirement: UnlockRequirement


class ReviewedClassFields(GenericClassFields, total=False):
    """Optional fields of every class but the generic one."""

    countryCode: str
    heroImage: Image
    hexBackgroundColor: str
    homepageUri: Uri
    localizedIssuerName: LocalizedString
    locations: list[Coordinates]


class LoyaltyClassFields(ReviewedClassFields, total=False):
    accountIdLabel: str
    accountNameLabel: str
    discoverableProgram: dict[str, Any]
    localizedAccountIdLabel: LocalizedString
    localizedAccountNameLabel: LocalizedString
    localizedProgramName: LocalizedString
    localizedRewardsTier: LocalizedString
    localizedRewardsTierLabel: LocalizedString
    localizedSecondaryRewardsTier: LocalizedString
    localizedSecondaryRewardsTierLabel: LocalizedString
    rewardsTier: str
    rewardsTierLabel: str
    secondaryRewardsTier: str
    secondaryRewardsTierLabel: str
    wideProgramLogo: Image


class OfferClassFields(ReviewedClassFields, total=False):
    details: str
    finePrint: str
    helpUri: Uri
    localizedDetails: LocalizedString
    localizedFinePrint: LocalizedString
    localizedProvider: LocalizedString
    localizedShortTitle: LocalizedString
    localizedTitle: LocalizedString
    shortTitle: str
    titleImage: Image
    wideTitleImage: Image


class GiftCardClassFields(ReviewedClassFields, total=False):
    allowBarcodeRedemption: bool
    cardNumberLabel: str
    eventNumberLabel: str
    localizedCardNumberLabel: LocalizedString
    localizedEventNumberLabel: LocalizedString
    localizedMerchantName: LocalizedString
    localizedPinLabel: LocalizedString
    merchantName: str
    pinLabel: str
    programLogo: Image
    wideProgramLogo: Image


class EventVenue(TypedDict):
    name: LocalizedString
    address: LocalizedString


class EventDateTime(TypedDict, total=False):
    doorsOpen: str
    start: str
    end: str
    doorsOpenLabel: Literal["DOORS_OPEN", "GATES_OPEN"]
    customDoorsOpenLabel: LocalizedString


class EventTicketClassFields(ReviewedClassFields, total=False):
    confirmationCodeLabel: Literal["CONFIRMATION_CODE", "CONFIRMATION_NUMBER", "ORDER_NUMBER", "RESERVATION_NUMBER"]
    customConfirmationCodeLabel: LocalizedString
    customGateLabel: LocalizedString
    customRowLabel: LocalizedString
    customSeatLabel: LocalizedString
    customSectionLabel: LocalizedString
    dateTime: EventDateTime
    eventId: str
    finePrint: LocalizedString
    gateLabel: Literal["GATE", "DOOR", "ENTRANCE"]
    logo: Image
    rowLabel: Literal["ROW"]
    seatLabel: Literal["SEAT"]
    sectionLabel: Literal["SECTION", "THEATER"]
    venue: EventVenue
    wideLogo: Image


class ObjectFields(TypedDict, total=False):
    """Optional fields that every object has."""

    appLinkData: AppLinkData
    barcode: Barcode
    groupingInfo: GroupingInfo
    heroImage: Image
    imageModulesData: list[ImageModuleData]
    linkedObjectIds: list[str]
    linksModuleData: LinksModuleData
    merchantLocations: list[Coordinates]
    messages: list[Message]
    passConstraints: PassConstraints
    rotatingBarcode: RotatingBarcode
    saveRestrictions: SaveRestrictions
    smartTapRedemptionValue: str
    textModulesData: list[TextModuleData]
    validTimeInterval: TimeInterval
    valueAddedModuleData: list[ValueAddedModuleData]


class EnabledNotification(TypedDict):
    enableNotification: bool


class Notifications(TypedDict, total=False):
    expiryNotification: EnabledNotification
    upcomingNotification: EnabledNotification


class GenericObjectFields(ObjectFields, total=False):
    genericType: GenericType
    hexBackgroundColor: str
    logo: Image
    notifications: Notifications
    subheader: LocalizedString
    wideLogo: Image


class OfferObjectFields(ObjectFields, total=False):
    """Optional fields of every object but the generic one."""

    disableExpirationNotification: bool
    locations: list[Coordinates]


class LoyaltyObjectFields(OfferObjectFields, total=False):
    accountId: str
    accountName: str
    linkedOfferIds: list[str]
    loyaltyPoints: LoyaltyPoints
    secondaryLoyaltyPoints: LoyaltyPoints


class GiftCardObjectFields(OfferObjectFields, total=False):
    balance: Money
    balanceUpdateTime: DateTime
    eventNumber: str
    pin: str


class EventSeat(TypedDict, total=False):
    gate: LocalizedString
    row: LocalizedString
    seat: LocalizedString
    section: LocalizedString


class EventReservationInfo(TypedDict):
    confirmationCode: str


class EventTicketObjectFields(OfferObjectFields, total=False):
    faceValue: Money
    hexBackgroundColor: str
    linkedOfferIds: list[str]
    reservationInfo: EventReservationInfo
    seatInfo: EventSeat
    ticketHolderName: str
    ticketNumber: str
    ticketType: LocalizedString
