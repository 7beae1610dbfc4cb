"""Semantic tags: what the values of a pass mean, for Siri, the calendar and the newer layouts.

Where Apple's code and Apple's documents spell a tag differently, both spellings are here.
"""

from passerelle.passes.wallets.apple.schema.base import AppleModel, CurrencyCode, WalletDate


class CurrencyAmount(AppleModel):
    """An amount as decimal text, as Apple's documents have it, or as number, as some issuers write it."""

    amount: str | int | float
    currency_code: CurrencyCode | None = None


class Coordinates(AppleModel):
    """A place on the map, in degrees."""

    latitude: float
    longitude: float


class PersonName(AppleModel):
    """The parts of a name (PersonNameComponents)."""

    family_name: str | None = None
    given_name: str | None = None
    middle_name: str | None = None
    name_prefix: str | None = None
    name_suffix: str | None = None
    nickname: str | None = None
    phonetic_representation: str | None = None


class Seat(AppleModel):
    """One seat of a ticket or a boarding pass."""

    seat_section: str | None = None
    seat_row: str | None = None
    seat_number: str | None = None
    seat_identifier: str | None = None
    seat_type: str | None = None
    seat_description: str | None = None
    seat_aisle: str | None = None
    seat_level: str | None = None
    seat_section_color: str | None = None


class WifiNetwork(AppleModel):
    """A network that holders of the pass may join."""

    ssid: str
    password: str | None = None


class Airplay(AppleModel):
    """A device group that holders of the pass may play to."""

    air_play_device_group_token: str


class DateInformation(AppleModel):
    """A date that may lack its time, or be unannounced as yet."""

    date: WalletDate | None = None
    time_zone: str | None = None
    ignore_time_components: bool | None = None
    is_all_day: bool | None = None
    unannounced: bool | None = None
    is_unannounced: bool | None = None
    undetermined: bool | None = None
    is_undetermined: bool | None = None


class EventSemantics(AppleModel):
    """Tags of event tickets."""

    admission_level: str | None = None
    admission_level_abbreviation: str | None = None
    additional_ticket_attributes: str | None = None
    album_ids: list[str] | None = None
    airplay: list[Airplay] | None = None
    artist_ids: list[str] | None = None
    attendee_name: str | None = None
    away_team_abbreviation: str | None = None
    away_team_location: str | None = None
    away_team_name: str | None = None
    home_team_abbreviation: str | None = None
    home_team_location: str | None = None
    home_team_name: str | None = None
    entrance_description: str | None = None
    event_end_date: WalletDate | None = None
    event_live_message: str | None = None
    event_name: str | None = None
    event_start_date: WalletDate | None = None
    event_start_date_info: DateInformation | None = None
    event_type: str | None = None
    """PKEventTypeGeneric, …LivePerformance, …Movie, …Sports, …Conference, …Convention, …Workshop, …"""
    genre: str | None = None
    league_abbreviation: str | None = None
    league_name: str | None = None
    performer_names: list[str] | None = None
    playlist_ids: list[str] | None = None
    seats: list[Seat] | None = None
    silence_requested: bool | None = None
    sport_name: str | None = None
    tailgating_allowed: bool | None = None
    venue_box_office_open_date: WalletDate | None = None
    venue_close_date: WalletDate | None = None
    venue_doors_open_date: WalletDate | None = None
    venue_entrance: str | None = None
    venue_entrance_door: str | None = None
    venue_entrance_gate: str | None = None
    venue_entrance_portal: str | None = None
    venue_fan_zone_open_date: WalletDate | None = None
    venue_gates_open_date: WalletDate | None = None
    venue_location: Coordinates | None = None
    venue_name: str | None = None
    venue_open_date: WalletDate | None = None
    venue_parking_lots_open_date: WalletDate | None = None
    venue_phone_number: str | None = None
    venue_region_name: str | None = None
    venue_room: str | None = None


class TransitSemantics(AppleModel):
    """Tags of boarding passes."""

    airline_code: str | None = None
    flight_code: str | None = None
    flight_number: int | float | None = None
    boarding_group: str | None = None
    boarding_sequence_number: str | None = None
    boarding_zone: str | None = None
    car_number: str | None = None
    confirmation_number: str | None = None
    original_departure_date: WalletDate | None = None
    original_arrival_date: WalletDate | None = None
    original_boarding_date: WalletDate | None = None
    current_departure_date: WalletDate | None = None
    current_arrival_date: WalletDate | None = None
    current_boarding_date: WalletDate | None = None
    departure_airport_code: str | None = None
    departure_airport_name: str | None = None
    departure_airport_time_zone: str | None = None
    departure_airport_security_programs: list[str] | None = None
    departure_location_time_zone: str | None = None
    departure_location_security_programs: list[str] | None = None
    departure_city_name: str | None = None
    departure_gate: str | None = None
    departure_location: Coordinates | None = None
    departure_location_description: str | None = None
    departure_platform: str | None = None
    departure_station_name: str | None = None
    departure_terminal: str | None = None
    destination_airport_code: str | None = None
    destination_airport_name: str | None = None
    destination_airport_time_zone: str | None = None
    destination_airport_security_programs: list[str] | None = None
    destination_location_time_zone: str | None = None
    destination_location_security_programs: list[str] | None = None
    destination_city_name: str | None = None
    destination_gate: str | None = None
    destination_location: Coordinates | None = None
    destination_location_description: str | None = None
    destination_platform: str | None = None
    destination_station_name: str | None = None
    destination_terminal: str | None = None
    international_documents_are_verified: bool | None = None
    international_documents_verified_declaration_name: str | None = None
    lounge_place_ids: list[str] | None = None
    airline_lounge_place_id: str | None = None
    passenger_name: PersonName | None = None
    passenger_airline_ssrs: list[str] | None = None
    passenger_information_ssrs: list[str] | None = None
    passenger_service_ssrs: list[str] | None = None
    passenger_capabilities: list[str] | None = None
    passenger_eligible_security_programs: list[str] | None = None
    security_screening: str | None = None
    ticket_fare_class: str | None = None
    transit_provider: str | None = None
    transit_status: str | None = None
    transit_status_reason: str | None = None
    vehicle_name: str | None = None
    vehicle_number: str | None = None
    vehicle_type: str | None = None


class Semantics(EventSemantics, TransitSemantics):
    """All tags: a pass, a field or an entry of ``upcomingPassInformation`` may use any of them."""

    balance: CurrencyAmount | None = None
    total_price: CurrencyAmount | None = None
    wifi_access: list[WifiNetwork] | None = None
    membership_program_name: str | None = None
    membership_program_number: str | None = None
    membership_program_status: str | None = None
    duration: int | float | None = None
    """In seconds."""
    priority_status: str | None = None
