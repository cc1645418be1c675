// What is said otherwise on a device with one room and one door, such as a head-out cabin: one guest, no pre-chamber, no inner and
// outer door. Everything that is not here is said as on any device. Every language has the same keys (one-room.test.ts).
import type { AlarmId, AlarmText, GuidanceCode, StateName, UiKey } from "./en";
import type { Language } from "./language";

export interface OneRoom {
  ui: Partial<Record<UiKey, string>>;
  states: Partial<Record<StateName, string>>;
  guidance: Partial<Record<GuidanceCode, string>>;
  reasons: Readonly<Record<string, string>>;
  alarmTexts: Partial<Record<AlarmId, AlarmText>>;
  /** What the tables of facts call it, by their word for a device with two rooms. */
  facts: Readonly<Record<string, string>>;
}

const en: OneRoom = {
  ui: {
    main_room: "Cabin",
    inner_door: "Door",
    outer_door: "Door",
    coil: "evaporator",
    confirm_empty_sub: "look into the cabin first",
    everybody_out: "guest out",
    points_chamber: "The cabin answers",
    session_none_sub: "A session can start when the cabin is ready.",
  },
  states: { PRE_CHAMBER: "Begin" },
  reasons: { door_not_shut: "The door is not shut." },
  guidance: {
    look_inside_confirm_empty: "Open the door, look into the cabin, confirm that nobody is inside.",
    let_guests_in: "Open the door and let the guest step in.",
    wait_door_shut: "Shut the door.",
    start_when_inside: "Face above the rim? Then start.",
    exposure: "Watch the guest's face and talk to your guest.",
    guests_leave: "Guest out. Help your guest through the door.",
    open_the_door: "Open the door now.",
    confirm_everybody_out: "Look into the cabin, confirm that your guest is out.",
    open_door_before_reset: "Open the door and look into the cabin before reset.",
  },
  alarmTexts: {
    "O2-CH-L": { title: "Oxygen at the face falling", action: "End the session now. Check the hood, the extract and the lift." },
    "O2-CH-LL": { title: "Oxygen at the face low", action: "Get the guest out into the room air. Do NOT bend into the cabin. No answer: call rescue." },
    "O2-CH-LLL": { title: "Oxygen at the face dangerously low", action: "Evacuate the room. Do NOT bend into the cabin. Call the emergency services." },
    "O2-CH-DROP": { title: "Oxygen at the face falling fast", action: "Get the guest out. Do NOT bend into the cabin." },
    OVERCOLD: { title: "Supply gas too cold", action: "Get the guest out. Call service before cooling again." },
    "T-DEV-LO": { title: "Supply gas below set point", action: "Watch the guest; if it lasts, end the session." },
    "T-DEV-HI": { title: "Supply gas above set point", action: "Check door and nitrogen supply; plan drying." },
    "LN2-CARRY": { title: "Liquid nitrogen in the supply duct", action: "Close the hand valve at the tank. Keep everybody out. Call service." },
  },
  facts: {
    "main room": "cabin",
    "inner door": "door",
    "outer door": "door",
    "oxygen low, main room": "oxygen low at the face",
    "Set point, main room": "Set point, supply gas",
    "Coldest set point, main room": "Coldest set point, supply gas",
    "guests in the main room": "guest in the cabin",
    "light, main room": "light in the cabin",
    "nitrogen valve, main room": "nitrogen valve",
  },
};

const de: OneRoom = {
  ui: {
    main_room: "Kabine",
    inner_door: "Tür",
    outer_door: "Tür",
    coil: "Verdampfer",
    confirm_empty_sub: "erst in die Kabine sehen",
    everybody_out: "Gast heraus",
    points_chamber: "Die Kabine antwortet",
    session_none_sub: "Eine Sitzung kann beginnen, wenn die Kabine bereit ist.",
    in_rest: "Niemand in der Kabine",
  },
  states: { PRE_CHAMBER: "Beginn" },
  reasons: { door_not_shut: "Die Tür ist nicht zu." },
  guidance: {
    look_inside_confirm_empty: "Tür öffnen, in die Kabine sehen, bestätigen, dass niemand drin ist.",
    let_guests_in: "Tür öffnen und den Gast einsteigen lassen.",
    wait_door_shut: "Tür schließen.",
    start_when_inside: "Gesicht über dem Rand? Dann starten.",
    exposure: "Das Gesicht beobachten und mit dem Gast sprechen.",
    guests_leave: "Gast heraus. Durch die Tür helfen.",
    open_the_door: "Jetzt die Tür öffnen.",
    confirm_everybody_out: "In die Kabine sehen, bestätigen, dass der Gast draußen ist.",
    open_door_before_reset: "Vor dem Rücksetzen Tür öffnen und in die Kabine sehen.",
  },
  alarmTexts: {
    "O2-CH-L": { title: "Sauerstoff am Gesicht fällt", action: "Sitzung jetzt beenden. Haube, Abluft und Plattform prüfen." },
    "O2-CH-LL": { title: "Zu wenig Sauerstoff am Gesicht", action: "Gast an die Raumluft holen. NICHT in die Kabine beugen. Keine Antwort: Rettung rufen." },
    "O2-CH-LLL": { title: "Sauerstoff am Gesicht gefährlich niedrig", action: "Raum räumen. NICHT in die Kabine beugen. Rettungsdienst rufen." },
    "O2-CH-DROP": { title: "Sauerstoff am Gesicht fällt schnell", action: "Gast herausholen. NICHT in die Kabine beugen." },
    OVERCOLD: { title: "Zugas zu kalt", action: "Gast herausholen. Vor erneutem Kühlen Service rufen." },
    "T-DEV-LO": { title: "Zugas unter Sollwert", action: "Gast beobachten; hält es an, Sitzung beenden." },
    "T-DEV-HI": { title: "Zugas über Sollwert", action: "Tür und Stickstoffversorgung prüfen; Trocknen planen." },
    "LN2-CARRY": { title: "Flüssiger Stickstoff im Zugaskanal", action: "Handventil am Tank schließen. Niemanden hineinlassen. Service rufen." },
  },
  facts: {
    Hauptkammer: "Kabine",
    Innentür: "Tür",
    Außentür: "Tür",
    "Sauerstoff niedrig, Hauptkammer": "Sauerstoff am Gesicht niedrig",
    "Sollwert Hauptkammer": "Sollwert Zugas",
    "Kältester Sollwert Hauptkammer": "Kältester Sollwert Zugas",
    "Gäste in der Hauptkammer": "Gast in der Kabine",
    "Licht Hauptkammer": "Licht in der Kabine",
    "Stickstoffventil Hauptkammer": "Stickstoffventil",
  },
};

const pl: OneRoom = {
  ui: {
    main_room: "Kabina",
    inner_door: "Drzwi",
    outer_door: "Drzwi",
    coil: "parownik",
    confirm_empty_sub: "najpierw zajrzyj do kabiny",
    everybody_out: "gość wychodzi",
    points_chamber: "Odpowiada kabina",
    session_none_sub: "Zabieg można rozpocząć, gdy kabina jest gotowa.",
    in_rest: "Kabina pusta",
  },
  states: { PRE_CHAMBER: "Początek" },
  reasons: { door_not_shut: "Drzwi nie są zamknięte." },
  guidance: {
    look_inside_confirm_empty: "Otwórz drzwi, zajrzyj do kabiny i potwierdź, że nikogo nie ma.",
    let_guests_in: "Otwórz drzwi i wpuść gościa.",
    wait_door_shut: "Zamknij drzwi.",
    start_when_inside: "Twarz nad krawędzią? Rozpocznij.",
    exposure: "Obserwuj twarz gościa i rozmawiaj z nim.",
    guests_leave: "Gość wychodzi. Pomóż mu przejść przez drzwi.",
    open_the_door: "Otwórz teraz drzwi.",
    confirm_everybody_out: "Zajrzyj do kabiny i potwierdź, że gość wyszedł.",
    open_door_before_reset: "Przed resetem otwórz drzwi i zajrzyj do kabiny.",
  },
  alarmTexts: {
    "O2-CH-L": { title: "Tlen przy twarzy spada", action: "Zakończ zabieg. Sprawdź okap, wyciąg i podnośnik." },
    "O2-CH-LL": { title: "Za mało tlenu przy twarzy", action: "Wyprowadź gościa na powietrze. NIE nachylaj się do kabiny. Brak odpowiedzi: wezwij ratunek." },
    "O2-CH-LLL": { title: "Groźnie mało tlenu przy twarzy", action: "Ewakuuj salę. NIE nachylaj się do kabiny. Wezwij służby ratunkowe." },
    "O2-CH-DROP": { title: "Tlen przy twarzy gwałtownie spada", action: "Wyprowadź gościa. NIE nachylaj się do kabiny." },
    OVERCOLD: { title: "Gaz nawiewany za zimny", action: "Wyprowadź gościa. Przed chłodzeniem wezwij serwis." },
    "T-DEV-LO": { title: "Gaz nawiewany poniżej zadanej", action: "Obserwuj gościa; jeśli trwa, zakończ zabieg." },
    "T-DEV-HI": { title: "Gaz nawiewany powyżej zadanej", action: "Sprawdź drzwi i zasilanie azotem; zaplanuj suszenie." },
    "LN2-CARRY": { title: "Ciekły azot w kanale nawiewu", action: "Zamknij zawór ręczny przy zbiorniku. Nikogo nie wpuszczaj. Wezwij serwis." },
  },
  facts: {
    "komora główna": "kabina",
    "drzwi wewnętrzne": "drzwi",
    "drzwi zewnętrzne": "drzwi",
    "niski tlen, komora główna": "niski tlen przy twarzy",
    "Temperatura zadana, komora główna": "Temperatura zadana gazu nawiewanego",
    "Najniższa zadana, komora główna": "Najniższa zadana gazu nawiewanego",
    "goście w komorze głównej": "gość w kabinie",
    "światło komory głównej": "światło w kabinie",
    "zawór azotu komory głównej": "zawór azotu",
  },
};

export const ONE_ROOM: Readonly<Record<Language, OneRoom>> = { en, de, pl };
