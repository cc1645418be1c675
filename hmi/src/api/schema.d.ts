// Generated from openapi.json by `npm run types`. Do not edit.

export interface paths {
    "/api/v1/alarms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Active alarms and their history
         * @description Newest first. ``active`` is empty while the control process is silent; see ``/health``.
         */
        get: operations["alarms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/acknowledge-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge all alarms
         * @description Tells that somebody has seen them. It clears nothing and switches nothing off.
         */
        post: operations["acknowledge_all"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/figures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How well the alarms serve: figures of ISA-18.2
         * @description Rate, floods, chattering, stale and unanswered alarms from the journal, each with its target.
         */
        get: operations["alarm_figures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/{alarm}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge one alarm
         * @description Tells that somebody has seen it. It clears nothing and switches nothing off.
         */
        post: operations["acknowledge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/alarms/{alarm}/out-of-service": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take an alarm out of service
         * @description Hides its announcement only; what its cause does stays. An alarm of safety class needs a second person's PIN.
         *
         *     Every other way to hide and show alarms is a command: shelve, unshelve, return_to_service, audio_pause.
         */
        post: operations["out_of_service"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/commands": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the chamber to do something
         * @description Stop and evacuate need no sign-in and are always passed on. Refusals come as ``rejected`` with reasons, status 200.
         *
         *     ``uncertain``: sent, but no answer within 5 s; look at the plant before trying again.
         */
        post: operations["command"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/description": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What this chamber is: tags, programs, limits, alarms, causes
         * @description Does not change while the control process runs.
         */
        get: operations["description"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is everything answering?
         * @description Always answers 200; ``status`` tells.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Trends: minimum and maximum per bucket
         * @description A short dip is never averaged away: each bucket keeps its extremes. Gaps are ``null``.
         */
        get: operations["history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/history/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What has a trend
         * @description Every tag that telemetry has ever recorded here.
         */
        get: operations["history_tags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The journal, newest first
         * @description Append-only: nothing in it is ever changed.
         */
        get: operations["journal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in
         * @description ``anonymous`` when nobody is.
         */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The day plan: what the rooms do between the appointments
         * @description What the control process makes of today's appointments. Names are shown to signed-in users only.
         *
         *     With `POST /commands`, as operator: `follow_plan` (while precooling or cold), `end_plan`. Any fault, another order and guests
         *     who are not booked end it, too; `ended` says what did. Order and end are in `GET /journal?kind=system`.
         */
        get: operations["plan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Appointments in a stretch of time
         * @description In their order. At most 31 days at once.
         */
        get: operations["schedule"];
        put?: never;
        /**
         * Enter an appointment
         * @description Needs an operator. Program and number of people have to be possible on this chamber.
         */
        post: operations["enter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedule/{appointment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Take an appointment out
         * @description Needs an operator. Answers with an empty list when it is done.
         */
        delete: operations["take_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sessions, newest first
         * @description Without traces; ask for one session to get its trace.
         */
        get: operations["sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One session with its trace
         * @description One sample a second from the opening to the end.
         */
        get: operations["session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Sets a cookie that scripts cannot read. After 5 wrong PINs: wait 30 s, doubled with each further one.
         */
        post: operations["sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends this session on the server, too. Harmless when nobody is signed in.
         */
        post: operations["sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/simulator": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * State of the simulated plant
         * @description Doors, people, faults, and the truth behind the instruments.
         */
        get: operations["status"];
        put?: never;
        /**
         * Move doors and people, or start and end faults
         * @description Hands need no sign-in: they are the guests'. Faults need role service.
         */
        post: operations["act"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/simulator/debrief": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Report on an exercise
         * @description What was broken since the exercise began, and what the operator did and when, from the journal. Needs role service.
         *
         *     Times hold for a simulated plant that runs at the speed of the wall's clock.
         */
        get: operations["exercise"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/simulator/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Catalogue of faults
         * @description Each with its targets and parameters, units and ranges.
         */
        get: operations["faults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/snapshot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The whole state now
         * @description 503 when the newest snapshot is older than 1 s: old values are not handed out as current ones.
         */
        get: operations["snapshot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tuning": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Automatic tuning: run, proposal, what is in force
         * @description What the control process knows of it now. Names are shown to signed-in users only.
         *
         *     With `POST /commands`, as service: `tune` (room `main` or `pre`; after a precool out of the warm, nobody inside, doors shut),
         *     `end_tuning`, `accept_tuning` (fingerprint of the proposal shown here), `revert_tuning` (room).
         *     An accepted or reverted regulator counts as work on the device: proof tests are due before the next session.
         *     The history is in `GET /journal?kind=tuning`.
         */
        get: operations["tuning"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/twin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Condition of the chamber, estimated from its heat balance
         * @description What the control process estimates now. The trends are in the telemetry under the same ids; the history of findings is in
         *     `GET /journal?kind=twin`. Nothing of it acts on the chamber.
         */
        get: operations["twin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/upkeep": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Checklist, proof tests, configuration, bypasses
         * @description What the control process goes by now. Names are shown to signed-in users only.
         *
         *     Recorded with `POST /commands`: `sign_checklist` (confirmed and failed: points of who looked, note),
         *     `record_proof_test` (test, instrument, result `pass` or `fail`, note), `replaced` (tag, note),
         *     `accept_configuration` (fingerprint as shown here), `bypass` (cause, reason, measure, minutes), `end_bypass` (cause).
         *     The history is in `GET /journal?kind=upkeep` and `kind=bypass`.
         */
        get: operations["upkeep"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who may sign in
         * @description Needs service. Without PINs, of course.
         */
        get: operations["users"];
        put?: never;
        /**
         * Make a user
         * @description Needs service. The answer holds the user's PIN, this once.
         */
        post: operations["make"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{name}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep a user out
         * @description Needs service; nobody can disable himself. A running sign-in ends within seconds.
         */
        post: operations["disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{name}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a user in again
         * @description Needs service.
         */
        post: operations["enable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{name}/pin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a user a new PIN
         * @description Needs service. The old PIN is void at once; the answer holds the new one, this once.
         */
        post: operations["new_pin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prometheus metrics
         * @description Text format of Prometheus. Unknown values are absent, never zero.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AcknowledgeBody
         * @description Optional body of an acknowledgement; without it the server chooses the command id.
         */
        AcknowledgeBody: {
            /** Id */
            id?: string | null;
        };
        /**
         * Ages
         * @description How old the news is when it leaves the server, ms. ``plc_ms`` is None when the PLC was never read.
         */
        Ages: {
            /** Plc Ms */
            plc_ms: number | null;
            /** Snapshot Ms */
            snapshot_ms: number;
        };
        /**
         * AlarmChange
         * @description One change of an alarm's ISA-18.2 state. ``user`` is shown to signed-in users only.
         *
         *     ``reason``: what changed it; for a hidden alarm what the person said.
         */
        AlarmChange: {
            /** Alarm */
            alarm: string;
            /** Detail */
            detail: string;
            /** From */
            from: string | null;
            /** Priority */
            priority: string | null;
            /** Reason */
            reason: string;
            /**
             * Time
             * Format: date-time
             */
            time: string;
            /** To */
            to: string;
            /** User */
            user: string | null;
        };
        /** AlarmCount */
        AlarmCount: {
            /** Alarm */
            alarm: string;
            /** Count */
            count: number;
        };
        /**
         * AlarmFigure
         * @description One figure with its target. ``met`` is None without a target, or while the figure cannot be told.
         */
        AlarmFigure: {
            /** Id */
            id: string;
            /** Met */
            met: boolean | null;
            /**
             * Most
             * @description target: at most this
             */
            most: number | null;
            /** Unit */
            unit: string;
            /** Value */
            value: number | null;
        };
        /**
         * AlarmFigures
         * @description Figures of ISA-18.2 from the journal. ``top``: most frequent first. ``priorities``: announced, by priority.
         */
        AlarmFigures: {
            /** Announced */
            announced: number;
            /** Chattering */
            chattering: string[];
            /** Figures */
            figures: components["schemas"]["AlarmFigure"][];
            /** Floods */
            floods: components["schemas"]["AlarmFlood"][];
            /**
             * From
             * Format: date-time
             */
            from: string;
            /** Priorities */
            priorities: {
                [key: string]: number;
            };
            /** Sessions */
            sessions: number;
            /** Stale */
            stale: string[];
            /**
             * To
             * Format: date-time
             */
            to: string;
            /** Top */
            top: components["schemas"]["AlarmCount"][];
            /** Unanswered */
            unanswered: string[];
        };
        /** AlarmFlood */
        AlarmFlood: {
            /** Alarms */
            alarms: number;
            /**
             * From
             * Format: date-time
             */
            from: string;
            /**
             * To
             * Format: date-time
             */
            to: string;
        };
        /**
         * AlarmInfo
         * @description Rationalised alarm: everything an operator needs to act (ISA-18.2 documentation fields).
         *
         *     ``shelf_max_s``: longest shelving, None: never. ``re_alarm_s``: an acknowledged alarm that lasts is announced again.
         */
        AlarmInfo: {
            /** Action */
            action: string;
            /** Alone */
            alone: boolean;
            /** Cause */
            cause: string;
            /** Consequence */
            consequence: string;
            /** Hazards */
            hazards: string[];
            /** Id */
            id: string;
            /**
             * Klass
             * @enum {string}
             */
            klass: "safety" | "equipment" | "comfort";
            /** Latching */
            latching: boolean;
            /**
             * Melody
             * @enum {string}
             */
            melody: "general" | "oxygen" | "temperature";
            /** Off Delay S */
            off_delay_s: number;
            /**
             * Priority
             * @enum {string}
             */
            priority: "high" | "medium" | "low";
            /**
             * Priority Occupied
             * @enum {string}
             */
            priority_occupied: "high" | "medium" | "low";
            /** Re Alarm S */
            re_alarm_s: number | null;
            /** Shelf Max S */
            shelf_max_s: number | null;
            /** Time To Respond S */
            time_to_respond_s: number;
            /** Title */
            title: string;
        };
        /**
         * AlarmView
         * @description One annunciated alarm (ISA-18.2). ``state`` is one of unack, ack, rtn_unack, latched_unack, latched_ack.
         *
         *     ``under``: id of the first-out alarm of the episode when this one is its consequence.
         */
        AlarmView: {
            /** Action */
            action: string;
            /** Active */
            active: boolean;
            /** Count */
            count: number;
            /** Detail */
            detail: string;
            /** First Out */
            first_out: boolean;
            /** Id */
            id: string;
            /**
             * Melody
             * @enum {string}
             */
            melody: "general" | "oxygen" | "temperature";
            /**
             * Priority
             * @enum {string}
             */
            priority: "high" | "medium" | "low";
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /** State */
            state: string;
            /** Title */
            title: string;
            /** Under */
            under: string | null;
        };
        /** AlarmsView */
        AlarmsView: {
            /** Active */
            active: components["schemas"]["AlarmView"][];
            /** History */
            history: components["schemas"]["AlarmChange"][];
        };
        /** Appointment */
        Appointment: {
            /** Id */
            id: number;
            /** Persons */
            persons: number;
            /** Program */
            program: string;
            /**
             * Starts
             * Format: date-time
             */
            starts: string;
        };
        /**
         * AppointmentBody
         * @description What is planned; it starts nothing.
         */
        AppointmentBody: {
            /** Persons */
            persons: number;
            /** Program */
            program: string;
            /**
             * Starts
             * Format: date-time
             */
            starts: string;
        };
        /**
         * AudioView
         * @description The one sound of this moment: ``alarm`` is the alarm behind it, None when nothing sounds.
         *
         *     ``paused_s``: the sound is paused for so long still; None: it is not paused.
         */
        AudioView: {
            /** Alarm */
            alarm: string | null;
            /** Melody */
            melody: ("general" | "oxygen" | "temperature") | null;
            /** Paused S */
            paused_s: number | null;
            /** Priority */
            priority: ("high" | "medium" | "low") | null;
        };
        /**
         * BlockView
         * @description Sessions that follow each other closely; the rooms stay cold from the first to the last.
         */
        BlockView: {
            /**
             * End
             * Format: date-time
             */
            end: string;
            /**
             * Kind
             * @constant
             */
            kind: "block";
            /** Persons */
            persons: number;
            /** Sessions */
            sessions: number;
            /**
             * Start
             * Format: date-time
             */
            start: string;
            /**
             * State
             * @enum {string}
             */
            state: "over" | "now" | "next" | "later";
        };
        /**
         * BypassView
         * @description A row that service has put out of force for a while. No session is possible meanwhile.
         */
        BypassView: {
            /** Cause */
            cause: string;
            /** Ends Soon */
            ends_soon: boolean;
            /** Measure */
            measure: string;
            /** Reason */
            reason: string;
            /** Remaining S */
            remaining_s: number;
            /** Text */
            text: string;
        };
        /** CauseInfo */
        CauseInfo: {
            /** Action Empty */
            action_empty: string;
            /** Action Occupied */
            action_occupied: string;
            /** Alarm */
            alarm: string | null;
            /** Clear */
            clear: string;
            /** Delay S */
            delay_s: number;
            /** Hazards */
            hazards: string[];
            /** Id */
            id: string;
            /** Off */
            off: string | null;
            /** Row */
            row: number;
            /** Text */
            text: string;
            /** Where */
            where: string;
        };
        /**
         * CauseView
         * @description An active or latched row of the cause-and-effect table.
         */
        CauseView: {
            /** Action */
            action: string;
            /** Detail */
            detail: string;
            /** First Out */
            first_out: boolean;
            /** Id */
            id: string;
            /** Latched */
            latched: boolean;
            /** Present */
            present: boolean;
            /** Row */
            row: number;
            /** Since S */
            since_s: number;
            /** Text */
            text: string;
        };
        /**
         * ChangesMessage
         * @description What changed since the previous message of this connection.
         *
         *     ``set`` holds whole sections of the snapshot by name (``main``, ``session``, ...); sections that are tables (tags,
         *     commands, regulators) are set by entry, ``tags/TT-101``. ``remove`` names entries that are gone. A slow client gets
         *     fewer messages, never older ones.
         */
        ChangesMessage: {
            ages: components["schemas"]["Ages"];
            /** Mono S */
            mono_s: number;
            /** Remove */
            remove: string[];
            /** Seq */
            seq: number;
            /**
             * Server Time
             * Format: date-time
             */
            server_time: string;
            /** Set */
            set: {
                [key: string]: unknown;
            };
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ChangesMessage";
        };
        /**
         * ChecklistView
         * @description The start-up checklist of the day. ``signed``: today, all in order. ``at``, ``by``, ``note``: of the newest entry.
         */
        ChecklistView: {
            /** At */
            at: string | null;
            /** By */
            by: string | null;
            /** In Order */
            in_order: boolean | null;
            /** Note */
            note: string;
            /** Points */
            points: components["schemas"]["PointView"][];
            /** Signed */
            signed: boolean;
        };
        /**
         * CommandBody
         * @description ``id`` is chosen by the client (a UUID): the same id again gets the same answer and does nothing twice.
         */
        CommandBody: {
            /**
             * Args
             * @default {}
             */
            args: {
                [key: string]: string | number | string[];
            };
            /** Id */
            id: string;
            kind: components["schemas"]["CommandKind"];
        };
        /**
         * CommandKind
         * @enum {string}
         */
        CommandKind: "confirm_empty" | "start_up" | "precool" | "begin_boarding" | "cancel_boarding" | "start_session" | "end_session" | "operator_present" | "resume" | "dry" | "service" | "force" | "reset" | "shut_down" | "record_proof_test" | "sign_checklist" | "replaced" | "accept_configuration" | "bypass" | "end_bypass" | "set_back" | "follow_plan" | "end_plan" | "tune" | "end_tuning" | "accept_tuning" | "revert_tuning" | "acknowledge" | "shelve" | "unshelve" | "out_of_service" | "return_to_service" | "audio_pause" | "stop" | "evacuate";
        /**
         * CommandMessage
         * @description Answer to a stop or evacuate sent over this connection.
         */
        CommandMessage: {
            result: components["schemas"]["CommandResult"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "CommandMessage";
        };
        /**
         * CommandResult
         * @description ``uncertain``: sent, but the effect was not seen in time; look at the plant before trying again.
         */
        CommandResult: {
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "accepted" | "rejected" | "uncertain";
            /**
             * Reasons
             * @default []
             */
            reasons: components["schemas"]["ReasonView"][];
        };
        /** CommandView */
        CommandView: {
            /** Allowed */
            allowed: boolean;
            /** Reasons */
            reasons: components["schemas"]["ReasonView"][];
        };
        /**
         * ConfigurationView
         * @description ``changed``: what differs from the accepted configuration, a line each; empty when it is the same.
         */
        ConfigurationView: {
            /** Accepted At */
            accepted_at: string | null;
            /** Accepted By */
            accepted_by: string | null;
            /** Accepted Fingerprint */
            accepted_fingerprint: string | null;
            /** Changed */
            changed: string[];
            /** Fingerprint */
            fingerprint: string;
        };
        /** ControlHealth */
        ControlHealth: {
            /** Connected */
            connected: boolean;
            /**
             * Snapshot Age S
             * @description s since the last snapshot of the control process; None: never
             */
            snapshot_age_s: number | null;
        };
        /** CycleView */
        CycleView: {
            /** Cool Off Left S */
            cool_off_left_s: number;
            /** Day Checked */
            day_checked: boolean;
            /** Forced */
            forced: components["schemas"]["ForcedView"][];
            guidance: components["schemas"]["GuidanceView"];
            /** May Enter */
            may_enter: boolean;
            /** Packml */
            packml: string;
            /** Ready In S */
            ready_in_s: number | null;
            /** Since S */
            since_s: number;
            /** State */
            state: string;
            unknown: components["schemas"]["UnknownView"] | null;
            /** Voice */
            voice: string;
        };
        /**
         * Debrief
         * @description Report on an exercise on a simulated plant, from the journal.
         */
        Debrief: {
            /** Chamber */
            chamber: string;
            /** Faults */
            faults: components["schemas"]["DebriefFault"][];
            /**
             * Made
             * Format: date-time
             */
            made: string;
            summary: components["schemas"]["DebriefSummary"];
        };
        /**
         * DebriefAct
         * @description A command with its outcome, or a change of state with its cause, ``after_s`` from the beginning of the fault.
         *
         *     ``verdict``: right, what an alarm then standing asks for; wrong, against it (tried counts); null: neither.
         *     ``alarm``: which alarm that is.
         */
        DebriefAct: {
            /** After S */
            after_s: number;
            /** Alarm */
            alarm?: string | null;
            /** Outcome */
            outcome: string;
            /** User */
            user: string | null;
            /** Verdict */
            verdict?: ("right" | "wrong") | null;
            /** What */
            what: string;
        };
        /**
         * DebriefAlarm
         * @description ``after_s`` from the beginning of the fault; ``allowed_s``: time to respond of the alarm list.
         *
         *     ``answered_in_s``: from the alarm to the first command taken that does what its action asks for. ``answer``: who did that:
         *     the operator, the chamber by itself, nobody, or it is done by hand (no journal knows). ``missed``: neither acknowledged nor
         *     answered in the time allowed, though the exercise lasted so long.
         */
        DebriefAlarm: {
            /** Acknowledged In S */
            acknowledged_in_s: number | null;
            /** Action */
            action: string;
            /** After S */
            after_s: number;
            /** Alarm */
            alarm: string;
            /** Allowed S */
            allowed_s: number | null;
            /**
             * Answer
             * @enum {string}
             */
            answer: "operator" | "chamber" | "hand" | "none";
            /** Answered In S */
            answered_in_s: number | null;
            /** Missed */
            missed: boolean;
            /** Title */
            title: string;
        };
        /**
         * DebriefFault
         * @description A fault of an exercise and the answer to it. Seconds from its beginning; null: never happened.
         *
         *     ``reaction_s``: from the first alarm to the first command taken after it; ``allowed_s``: time to respond of that alarm;
         *     ``in_time``: null while there is still time.
         *     ``safe_s``: the session ended, or nitrogen stopped; ``empty_s``: the chamber was confirmed empty.
         */
        DebriefFault: {
            /** Acknowledged S */
            acknowledged_s: number | null;
            /** Acts */
            acts: components["schemas"]["DebriefAct"][];
            /** Alarms */
            alarms: components["schemas"]["DebriefAlarm"][];
            /** Allowed S */
            allowed_s: number | null;
            /** Began */
            began: string | null;
            /**
             * Due
             * Format: date-time
             */
            due: string;
            /** Empty S */
            empty_s: number | null;
            /** First Action S */
            first_action_s: number | null;
            /** First Alarm S */
            first_alarm_s: number | null;
            /** Id */
            id: string;
            /** In Time */
            in_time: boolean | null;
            /** Kind */
            kind: string;
            /** Mended S */
            mended_s: number | null;
            /** Reaction S */
            reaction_s: number | null;
            /** Refused */
            refused: string;
            /** Safe S */
            safe_s: number | null;
            /** States */
            states: components["schemas"]["DebriefAct"][];
            /** Surprise */
            surprise: boolean;
            /** Target */
            target: string;
            /** Text */
            text: string;
        };
        /**
         * DebriefSummary
         * @description Counts over all faults that began; reactions are those of ``DebriefFault.reaction_s``.
         */
        DebriefSummary: {
            /** Alarms */
            alarms: number;
            /** Faults */
            faults: number;
            /** Mean Reaction S */
            mean_reaction_s: number | null;
            /** Missed */
            missed: number;
            /** Right */
            right: number;
            /** Worst Reaction S */
            worst_reaction_s: number | null;
            /** Wrong */
            wrong: number;
        };
        /**
         * Description
         * @description What does not change while the process runs.
         */
        Description: {
            /** Alarms */
            alarms: components["schemas"]["AlarmInfo"][];
            /** Causes */
            causes: components["schemas"]["CauseInfo"][];
            /** Checklist */
            checklist: string[];
            /** Forcible */
            forcible: string[];
            /** Limits */
            limits: components["schemas"]["LimitInfo"][];
            /** Persons Max */
            persons_max: number;
            /** Programs */
            programs: components["schemas"]["ProgramInfo"][];
            signals: components["schemas"]["SignalsInfo"];
            site: components["schemas"]["SiteView"];
            /** States */
            states: {
                [key: string]: string;
            };
            /** Tags */
            tags: components["schemas"]["TagInfo"][];
        };
        /** DoorView */
        DoorView: {
            /** Since S */
            since_s: number | null;
            /**
             * State
             * @enum {string}
             */
            state: "shut" | "open" | "fault" | "unknown";
        };
        /**
         * EntryView
         * @description For the page and the beacon outside: treatment room, and chamber (its air; guidance says when guests go in).
         */
        EntryView: {
            chamber: components["schemas"]["GateView"];
            room: components["schemas"]["GateView"];
        };
        /**
         * EstimateView
         * @description ``reference``: as commissioned, or what the twin found when it took its reference; None: not yet taken. ``valid``: it is judged.
         *
         *     ``seen``: how many minutes, sessions or hours it rests on. ``alarm``: what it raises, "" for none; ``due``: it does now.
         */
        EstimateView: {
            /** Alarm */
            alarm: string;
            /** Due */
            due: boolean;
            /** Id */
            id: string;
            /** Reference */
            reference: number | null;
            /** Seen */
            seen: number;
            /** Std */
            std: number;
            /** Unit */
            unit: string;
            /** Valid */
            valid: boolean;
            /** Value */
            value: number;
        };
        /** EvacuateRequest */
        EvacuateRequest: {
            /** Id */
            id?: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "EvacuateRequest";
        };
        /**
         * EventKind
         * @enum {string}
         */
        EventKind: "started" | "state" | "command" | "cause" | "alarm" | "audio" | "plc" | "session_opened" | "session_phase" | "session_closed" | "invariant" | "scan" | "records" | "upkeep" | "bypass" | "clock" | "wear" | "precool" | "twin" | "tuning" | "sign_in" | "system";
        /** FaultCatalogue */
        FaultCatalogue: {
            /** Faults */
            faults: components["schemas"]["FaultKind"][];
        };
        /** FaultKind */
        FaultKind: {
            /** Kind */
            kind: string;
            /** Params */
            params: components["schemas"]["FaultParam"][];
            /** Targets */
            targets: string[];
            /** Text */
            text: string;
        };
        /**
         * FaultParam
         * @description ``rest``: where a growing fault begins; null if it cannot grow.
         */
        FaultParam: {
            /** Default */
            default: number;
            /** High */
            high: number;
            /** Low */
            low: number;
            /** Name */
            name: string;
            /** Rest */
            rest?: number | null;
            /** Unit */
            unit: string;
        };
        /**
         * ForcedView
         * @description An output forced in SERVICE: percent of a valve, 1 for a discrete output.
         */
        ForcedView: {
            /** Left S */
            left_s: number;
            /** Output */
            output: string;
            /** Value */
            value: number;
        };
        /**
         * GainsView
         * @description ISA form; gain in % of valve per K. ``ms``: peak of the sensitivity on the room as identified; None: no room was identified.
         */
        GainsView: {
            /** Derivative S */
            derivative_s: number;
            /** Gain Pct Per K */
            gain_pct_per_k: number;
            /** Integral S */
            integral_s: number;
            /** Ms */
            ms: number | null;
        };
        /**
         * GapView
         * @description Between two blocks. ``way``: held cold, held warmer, or valves shut; ``cool_at``: when cooling begins again.
         *
         *     ``kg`` of nitrogen for the main room by this way, ``held_kg`` held cold, both until half an hour into the next block, by forecast.
         */
        GapView: {
            /** Cool At */
            cool_at: string | null;
            /** End */
            end: string | null;
            /** Held Kg */
            held_kg: number | null;
            /** Kg */
            kg: number | null;
            /**
             * Kind
             * @constant
             */
            kind: "gap";
            /**
             * Start
             * Format: date-time
             */
            start: string;
            /**
             * State
             * @enum {string}
             */
            state: "now" | "later";
            /**
             * Way
             * @enum {string}
             */
            way: "hold" | "set_back" | "rest";
        };
        /**
         * GateView
         * @description Whether one may go in. ``reason`` says why not; data older than the panel's limit count as do_not_enter.
         */
        GateView: {
            reason: components["schemas"]["ReasonView"] | null;
            /**
             * State
             * @enum {string}
             */
            state: "allowed" | "do_not_enter";
        };
        /**
         * GuidanceView
         * @description What to do or wait for next. ``command`` is the command that does it, if one does.
         */
        GuidanceView: {
            /** Code */
            code: string;
            /** Command */
            command?: string | null;
            /**
             * Params
             * @default {}
             */
            params: {
                [key: string]: number | string;
            };
            /** Text */
            text: string;
        };
        /**
         * HarmonicInfo
         * @description ``multiple`` of the fundamental, ``level_db`` against it.
         */
        HarmonicInfo: {
            /** Level Db */
            level_db: number;
            /** Multiple */
            multiple: number;
        };
        /**
         * HealthView
         * @description ``ok``: everything answers. ``degraded``: a part is missing, people and nitrogen are supervised. ``down``: no control.
         */
        HealthView: {
            control: components["schemas"]["ControlHealth"];
            mqtt: components["schemas"]["MqttHealth"];
            /**
             * Panel Age S
             * @description s since an operated, visible panel last gave a sign of life; None: never
             */
            panel_age_s: number | null;
            /** Panels */
            panels: number;
            /**
             * Plc
             * @enum {string}
             */
            plc: "ok" | "slow" | "silent" | "unknown";
            /** Records Ok */
            records_ok: boolean;
            /** Simulated */
            simulated: boolean | null;
            /**
             * Status
             * @enum {string}
             */
            status: "ok" | "degraded" | "down";
            /** Version */
            version: string;
        };
        /**
         * HiddenAlarmView
         * @description An alarm that is not annunciated: shelved, suppressed by design, or out of service. Its causes act all the same.
         *
         *     ``active``: its condition is on. ``reason``: why it is hidden. ``remaining_s``: until the shelving ends by itself.
         */
        HiddenAlarmView: {
            /** Active */
            active: boolean;
            /** Id */
            id: string;
            /**
             * Klass
             * @enum {string}
             */
            klass: "safety" | "equipment" | "comfort";
            /**
             * Priority
             * @enum {string}
             */
            priority: "high" | "medium" | "low";
            /** Reason */
            reason: string;
            /** Remaining S */
            remaining_s: number | null;
            /**
             * State
             * @enum {string}
             */
            state: "shelved" | "suppressed" | "out_of_service";
            /** Title */
            title: string;
        };
        /** HistoryTag */
        HistoryTag: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "analog" | "bit" | "derived";
            /** Tag */
            tag: string;
            /** Text */
            text: string;
            /** Unit */
            unit: string;
        };
        /** HistoryView */
        HistoryView: {
            /** Bucket S */
            bucket_s: number;
            /**
             * From
             * Format: date-time
             */
            from: string;
            /** Tags */
            tags: {
                [key: string]: components["schemas"]["Trend"];
            };
            /**
             * To
             * Format: date-time
             */
            to: string;
        };
        /**
         * InForceView
         * @description The regulator of one room. ``revertible``: one from before an acceptance is kept.
         */
        InForceView: {
            gains: components["schemas"]["GainsView"];
            /** Revertible */
            revertible: boolean;
            /**
             * Room
             * @enum {string}
             */
            room: "main" | "pre";
        };
        /**
         * JournalEntry
         * @description One line of the journal. ``mono_s`` counts within one ``boot_id``. ``user`` is shown to signed-in users only.
         */
        JournalEntry: {
            /** Boot Id */
            boot_id: string;
            /** Data */
            data: {
                [key: string]: unknown;
            };
            /** Id */
            id: number;
            /** Kind */
            kind: string;
            /** Mono S */
            mono_s: number;
            /**
             * Time
             * Format: date-time
             */
            time: string;
            /** User */
            user: string | null;
        };
        /** JournalView */
        JournalView: {
            /** Entries */
            entries: components["schemas"]["JournalEntry"][];
            /** Next Before */
            next_before: number | null;
        };
        /** LimitInfo */
        LimitInfo: {
            /** Basis */
            basis: string;
            /** Hazards */
            hazards: string[];
            /** High */
            high: number;
            /** Low */
            low: number;
            /** Name */
            name: string;
            /** Recommended High */
            recommended_high: number;
            /** Recommended Low */
            recommended_low: number;
            /** Unit */
            unit: string;
            /** Value */
            value: number;
        };
        /** LinkView */
        LinkView: {
            /**
             * Plc
             * @enum {string}
             */
            plc: "ok" | "slow" | "silent";
            /** Plc Age S */
            plc_age_s: number | null;
            /** Reconnects */
            reconnects: number;
            /** Refused Blocks */
            refused_blocks: number;
            /** Requests */
            requests: number;
            /** Timeouts */
            timeouts: number;
        };
        /**
         * Me
         * @description ``name`` is None when nobody is signed in; the role is then ``anonymous``.
         */
        Me: {
            /** Name */
            name: string | null;
            role: components["schemas"]["Role"];
        };
        /** MqttHealth */
        MqttHealth: {
            /**
             * Backlog
             * @description journal entries not yet delivered to the broker; None: not known
             */
            backlog: number | null;
            /** Configured */
            configured: boolean;
            /** Connected */
            connected: boolean;
        };
        /**
         * NewPin
         * @description The one time a PIN is shown.
         */
        NewPin: {
            /** Name */
            name: string;
            /** Pin */
            pin: string;
        };
        /** NitrogenView */
        NitrogenView: {
            /** Flow Kg H */
            flow_kg_h: number | null;
            /** Main Valve Open */
            main_valve_open: boolean | null;
            /** Per Person Kg */
            per_person_kg: number | null;
            /** Persons Today */
            persons_today: number;
            /** Pressure Bar A */
            pressure_bar_a: number | null;
            /** Tank Kg */
            tank_kg: number | null;
            /** Today Kg */
            today_kg: number;
        };
        /** NoDataAges */
        NoDataAges: {
            /** Snapshot Ms */
            snapshot_ms: number | null;
        };
        /**
         * NoDataMessage
         * @description Every 200 ms while the control process is silent for more than 500 ms.
         */
        NoDataMessage: {
            ages: components["schemas"]["NoDataAges"];
            /**
             * Server Time
             * Format: date-time
             */
            server_time: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "NoDataMessage";
        };
        /**
         * OutOfServiceBody
         * @description ``second`` signs, too: needed for an alarm of safety class. The PIN is checked here and goes no further.
         */
        OutOfServiceBody: {
            /** Id */
            id?: string | null;
            /** Reason */
            reason: string;
            second?: components["schemas"]["SignInBody"] | null;
        };
        /**
         * PanelHeartbeat
         * @description The page is alive and its screen shows; the control process watches the panels by it.
         */
        PanelHeartbeat: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "PanelHeartbeat";
            /** Visible */
            visible: boolean;
        };
        /**
         * PlanView
         * @description ``followed``: by whose order since when; ``ended``: why it is followed no more, "" if it never was today.
         *
         *     ``refused``: why it could not be ordered now. ``kg``, ``held_kg``: nitrogen for the gaps still to come, with the plan and held cold.
         *     ``recool_s``: how long a re-cool would take now. ``precool_by``: when a precool has to be ordered for the next block.
         */
        PlanView: {
            /** By */
            by: string | null;
            /** Ended */
            ended: string;
            /** Followed */
            followed: boolean;
            /** Held Kg */
            held_kg: number | null;
            /** Kg */
            kg: number | null;
            /** Precool By */
            precool_by: string | null;
            /** Recool S */
            recool_s: number | null;
            refused: components["schemas"]["ReasonView"] | null;
            /** Since */
            since: string | null;
            /** Steps */
            steps: (components["schemas"]["BlockView"] | components["schemas"]["GapView"])[];
        };
        /** PlcView */
        PlcView: {
            /** Causes */
            causes: string[];
            /** Clamped */
            clamped: boolean;
            /** Exposure Elapsed S */
            exposure_elapsed_s: number;
            /** Exposure Limit S */
            exposure_limit_s: number;
            /** First Out */
            first_out: string | null;
            /** Lease Remaining S */
            lease_remaining_s: number;
            /** Occupied */
            occupied: boolean;
            /** Outputs */
            outputs: {
                [key: string]: boolean;
            };
            /** State */
            state: string;
            /** Trips */
            trips: string[];
            /** Valve Main Pct */
            valve_main_pct: number;
            /** Valve Pre Pct */
            valve_pre_pct: number;
        };
        /**
         * PointView
         * @description One point of the start-up checklist. ``ok`` is None where only a person can see it, or while nothing was measured yet.
         *
         *     ``answered_by``: a person confirms it, a proof test that stands, or what the chamber measures now (``params``).
         */
        PointView: {
            /**
             * Answered By
             * @enum {string}
             */
            answered_by: "person" | "proof_test" | "measured";
            /** How */
            how: string;
            /** Id */
            id: string;
            /** Ok */
            ok: boolean | null;
            /** Params */
            params: {
                [key: string]: number | string;
            };
            /** Proof Test */
            proof_test: string;
            /** Text */
            text: string;
        };
        /**
         * Problem
         * @description Every error of this API: what is wrong, where, and what to do about it.
         */
        Problem: {
            /**
             * Code
             * @description machine-readable reason, e.g. not_signed_in, role_too_low, control_silent
             */
            code: string;
            /** Detail */
            detail: string;
            /** Remedy */
            remedy: string;
            /**
             * Retry After S
             * @description when trying again makes sense, s
             */
            retry_after_s?: number | null;
        };
        /** ProgramInfo */
        ProgramInfo: {
            /** Exposure S */
            exposure_s: number;
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Pre Chamber S */
            pre_chamber_s: number;
            /** Setpoint Main C */
            setpoint_main_c: number;
            /** Setpoint Pre C */
            setpoint_pre_c: number;
        };
        /**
         * ProofTestView
         * @description One test for one instrument ("" is the whole chamber). ``due`` is None when it is wanted now.
         *
         *     Anything but ``ok`` and ``soon`` blocks new sessions. ``given_by``: a person records it, the self-test at start-up does, or
         *     the chamber while it rests.
         */
        ProofTestView: {
            /** By */
            by: string | null;
            /** Due */
            due: string | null;
            /**
             * Given By
             * @enum {string}
             */
            given_by: "person" | "self_test" | "running";
            /** Hazards */
            hazards: string[];
            /** How */
            how: string;
            /** Instrument */
            instrument: string;
            /** Interval S */
            interval_s: number;
            /** Last */
            last: string | null;
            /** Note */
            note: string;
            /** Role */
            role: string;
            /**
             * Standing
             * @enum {string}
             */
            standing: "ok" | "soon" | "overdue" | "after_work" | "failed" | "never";
            /** Test */
            test: string;
            /** Text */
            text: string;
        };
        /**
         * ProposalView
         * @description ``model_refused``: why the identified model may not regulate (then the one before, if any, stays); None: it comes with it.
         */
        ProposalView: {
            after: components["schemas"]["GainsView"];
            amigo: components["schemas"]["GainsView"];
            before: components["schemas"]["GainsView"];
            /** Dead S */
            dead_s: number;
            /** Dead Std S */
            dead_std_s: number;
            /** Excursion K */
            excursion_k: number;
            /** Fingerprint */
            fingerprint: string;
            /** Model Refused */
            model_refused: string | null;
            /** Relay S */
            relay_s: number;
            /** Residual K */
            residual_k: number;
            /** Slope K S Pct */
            slope_k_s_pct: number;
        };
        /**
         * PulseInfo
         * @description One pulse of a burst; ``note`` is the index into the melody.
         */
        PulseInfo: {
            /** Duration S */
            duration_s: number;
            /** Note */
            note: number;
            /** Start S */
            start_s: number;
        };
        /**
         * ReasonView
         * @description Why something is so or is refused: ``code`` for translation, ``params`` for the numbers, ``text`` in English.
         */
        ReasonView: {
            /** Code */
            code: string;
            /**
             * Params
             * @default {}
             */
            params: {
                [key: string]: number | string;
            };
            /** Text */
            text: string;
        };
        /** RecordsView */
        RecordsView: {
            /** Detail */
            detail: string;
            /** Journal Id */
            journal_id: number;
            /** Ok */
            ok: boolean;
            /** Queued */
            queued: number;
        };
        /** RegulatorView */
        RegulatorView: {
            /** Cycles */
            cycles: number;
            /** Derivative Pct */
            derivative_pct: number;
            /** Error K */
            error_k: number | null;
            /** Feedforward Pct */
            feedforward_pct: number;
            /** Integral Pct */
            integral_pct: number;
            /** Liner C */
            liner_c: number | null;
            /** Load W */
            load_w: number | null;
            /**
             * Mode
             * @enum {string}
             */
            mode: "off" | "auto" | "hold" | "model" | "relay";
            /** Output Pct */
            output_pct: number;
            /** Proportional Pct */
            proportional_pct: number;
            /** Refused */
            refused: string | null;
            /** Surprise */
            surprise: number | null;
            /** Travel Pct */
            travel_pct: number;
            /**
             * Valve
             * @enum {string}
             */
            valve: "proportional" | "on_off";
        };
        /** ResyncRequest */
        ResyncRequest: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "ResyncRequest";
        };
        /**
         * Role
         * @description Roles in rising order of permission. ANONYMOUS is whoever stands at the panel without having signed in.
         * @enum {string}
         */
        Role: "anonymous" | "viewer" | "operator" | "service";
        /** RoomAirView */
        RoomAirView: {
            /** Extract Proven */
            extract_proven: boolean | null;
            /** Oxygen Floor Pct */
            oxygen_floor_pct: number | null;
            /** Oxygen Pct */
            oxygen_pct: number | null;
            /** Temperature C */
            temperature_c: number | null;
        };
        /**
         * RoomView
         * @description A room as voted: temperatures in °C, oxygen in vol%. ``band_k`` is the READY band around the set point.
         */
        RoomView: {
            /** Band K */
            band_k: number;
            /** Coldest C */
            coldest_c: number | null;
            door: components["schemas"]["DoorView"];
            /** Name */
            name: string;
            /** Oxygen Good */
            oxygen_good: number;
            /** Oxygen Pct */
            oxygen_pct: number | null;
            /** Oxygen Total */
            oxygen_total: number;
            /** Presence */
            presence: boolean | null;
            /** Setpoint C */
            setpoint_c: number | null;
            /** Temperature C */
            temperature_c: number | null;
            /** Valve Pct */
            valve_pct: number | null;
            /** Warmest C */
            warmest_c: number | null;
        };
        /** ScanView */
        ScanView: {
            /** Count */
            count: number;
            /** Duration Ms */
            duration_ms: number;
            /** Late */
            late: number;
            /** Lateness Ms */
            lateness_ms: number;
            /** Missed */
            missed: number;
        };
        /** ScheduleView */
        ScheduleView: {
            /** Appointments */
            appointments: components["schemas"]["Appointment"][];
        };
        /** SessionRecord */
        SessionRecord: {
            /** Chamber */
            chamber: string;
            /** Closed */
            closed: string | null;
            /**
             * Data
             * @description what was known at the opening: checks, set point, phases
             */
            data: {
                [key: string]: unknown;
            };
            /** Elapsed S */
            elapsed_s: number | null;
            /** Ended By */
            ended_by: string | null;
            /** Id */
            id: number;
            /** Limit S */
            limit_s: number | null;
            /** Main Max C */
            main_max_c: number | null;
            /** Main Mean C */
            main_mean_c: number | null;
            /** Main Min C */
            main_min_c: number | null;
            /** O2 Main Min Pct */
            o2_main_min_pct: number | null;
            /** O2 Room Min Pct */
            o2_room_min_pct: number | null;
            /**
             * Opened
             * Format: date-time
             */
            opened: string;
            /** Persons */
            persons: number | null;
            /** Program */
            program: string;
            /** Reason */
            reason: string | null;
            /**
             * Skin
             * @description lowest estimate of each person, with its bounds; empty: none
             */
            skin: components["schemas"]["SkinSiteView"][];
            /**
             * State
             * @enum {string}
             */
            state: "open" | "closed" | "interrupted";
            /** Trace */
            trace: components["schemas"]["SessionSample"][];
        };
        /**
         * SessionRow
         * @description One session as recorded. Temperatures in °C of the main room, oxygen in vol%.
         */
        SessionRow: {
            /** Chamber */
            chamber: string;
            /** Closed */
            closed: string | null;
            /** Elapsed S */
            elapsed_s: number | null;
            /** Ended By */
            ended_by: string | null;
            /** Id */
            id: number;
            /** Limit S */
            limit_s: number | null;
            /** Main Max C */
            main_max_c: number | null;
            /** Main Mean C */
            main_mean_c: number | null;
            /** Main Min C */
            main_min_c: number | null;
            /** O2 Main Min Pct */
            o2_main_min_pct: number | null;
            /** O2 Room Min Pct */
            o2_room_min_pct: number | null;
            /**
             * Opened
             * Format: date-time
             */
            opened: string;
            /** Persons */
            persons: number | null;
            /** Program */
            program: string;
            /** Reason */
            reason: string | null;
            /**
             * Skin
             * @description lowest estimate of each person, with its bounds; empty: none
             */
            skin: components["schemas"]["SkinSiteView"][];
            /**
             * State
             * @enum {string}
             */
            state: "open" | "closed" | "interrupted";
        };
        /**
         * SessionSample
         * @description One second of a session's trace; ``t_s`` counts from the opening of the session.
         */
        SessionSample: {
            /** Coldest C */
            coldest_c: number | null;
            /** Main C */
            main_c: number | null;
            /** O2 Main */
            o2_main: number | null;
            /** O2 Pre */
            o2_pre: number | null;
            /** O2 Room */
            o2_room: number | null;
            /** Pre C */
            pre_c: number | null;
            /** T S */
            t_s: number;
            /** Warmest C */
            warmest_c: number | null;
        };
        /** SessionView */
        SessionView: {
            /** Confirm Due */
            confirm_due: boolean;
            /** Confirm Every S */
            confirm_every_s: number;
            /** Confirm In S */
            confirm_in_s: number | null;
            /** Count Due */
            count_due: number | null;
            /** Durable */
            durable: boolean;
            /** Elapsed S */
            elapsed_s: number;
            /** Id */
            id: number;
            /** Limit Reason */
            limit_reason: string;
            /** Limit S */
            limit_s: number;
            /** Persons */
            persons: number;
            /**
             * Phase
             * @enum {string}
             */
            phase: "boarding" | "pre_chamber" | "exposure" | "exit";
            /** Pre Chamber Remaining S */
            pre_chamber_remaining_s: number | null;
            /** Program */
            program: string;
            /** Remaining S */
            remaining_s: number;
            skin: components["schemas"]["SkinView"];
        };
        /** SessionsView */
        SessionsView: {
            /**
             * Next Before
             * @description pass as `before` for the next page; None: no more
             */
            next_before: number | null;
            /** Sessions */
            sessions: components["schemas"]["SessionRow"][];
        };
        /** SignInBody */
        SignInBody: {
            /** Name */
            name: string;
            /** Pin */
            pin: string;
        };
        /** SignInView */
        SignInView: {
            /**
             * Expires
             * Format: date-time
             */
            expires: string;
            /** Name */
            name: string;
            role: components["schemas"]["Role"];
        };
        /**
         * SignalInfo
         * @description Light and sound of one priority (IEC 60601-1-8). ``flash_hz`` None: constant. ``edge_s``: rise and fall of a pulse.
         */
        SignalInfo: {
            /** Burst S */
            burst_s: number;
            /** Colour */
            colour: string;
            /** Duty Pct */
            duty_pct: number;
            /** Edge S */
            edge_s: number;
            /** Flash Hz */
            flash_hz: number | null;
            /** Inter Burst S */
            inter_burst_s: number;
            /** Pulses */
            pulses: components["schemas"]["PulseInfo"][];
        };
        /**
         * SignalsInfo
         * @description What alarms look and sound like: the one source for every panel and sounder. ``melodies``: fundamentals in Hz.
         */
        SignalsInfo: {
            /** Audio Pause Max S */
            audio_pause_max_s: number;
            /** Harmonics */
            harmonics: components["schemas"]["HarmonicInfo"][];
            /** Melodies */
            melodies: {
                [key: string]: number[];
            };
            /** Priorities */
            priorities: {
                [key: string]: components["schemas"]["SignalInfo"];
            };
        };
        /** SimAutopilot */
        SimAutopilot: {
            /** On */
            on: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "autopilot";
        };
        /** SimCall */
        SimCall: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "call";
            /** Pressed */
            pressed: boolean;
        };
        /**
         * SimClear
         * @description End one fault by id, or all of them; needs role service.
         */
        SimClear: {
            /**
             * All
             * @default false
             */
            all: boolean;
            /** Id */
            id?: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "clear";
        };
        /** SimDoor */
        SimDoor: {
            /**
             * Door
             * @enum {string}
             */
            door: "inner" | "outer";
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "door";
            /** Open */
            open: boolean;
        };
        /** SimDoors */
        SimDoors: {
            /** Inner */
            inner: string;
            /** Outer */
            outer: string;
        };
        /** SimEstop */
        SimEstop: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "estop";
            /** Pressed */
            pressed: boolean;
        };
        /** SimFault */
        SimFault: {
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Since S */
            since_s: number;
            /** Target */
            target: string | null;
            /** Text */
            text: string;
        };
        /**
         * SimForget
         * @description A new exercise: every fault ends, what is planned is taken back, the list is empty; needs role service.
         */
        SimForget: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "forget";
        };
        /**
         * SimInject
         * @description Start a fault of the catalogue, now or ``after_s``, growing over ``ramp_s``, for ``for_s``; needs role service.
         */
        SimInject: {
            /** After S */
            after_s?: number | null;
            /** For S */
            for_s?: number | null;
            /** Kind */
            kind: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "inject";
            /**
             * Params
             * @default {}
             */
            params: {
                [key: string]: number;
            };
            /** Ramp S */
            ramp_s?: number | null;
            /** Target */
            target?: string | null;
        };
        /** SimPeople */
        SimPeople: {
            /** Main */
            main: number;
            /** Moving */
            moving: number;
            /** Outside */
            outside: number;
            /** Pre */
            pre: number;
        };
        /**
         * SimSurprise
         * @description Start a fault that nobody knows at a moment that nobody knows, within ``within_s``; needs role service.
         */
        SimSurprise: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "surprise";
            /**
             * Within S
             * @default 120
             */
            within_s: number;
        };
        /** SimWalk */
        SimWalk: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "walk";
            /** Persons */
            persons?: number | null;
            /**
             * To
             * @enum {string}
             */
            to: "outside" | "pre" | "main";
        };
        /** SimulatorReply */
        SimulatorReply: {
            /**
             * Id
             * @description id of the injected fault
             */
            id?: string | null;
            /** Ok */
            ok: boolean;
        };
        /**
         * SimulatorStatus
         * @description State of the simulated plant, its people and its faults. ``truth`` is what instruments cannot see.
         */
        SimulatorStatus: {
            /** Autopilot */
            autopilot: boolean;
            /** Call */
            call: boolean;
            doors: components["schemas"]["SimDoors"];
            /** Estop */
            estop: boolean;
            /** Faults */
            faults: components["schemas"]["SimFault"][];
            people: components["schemas"]["SimPeople"];
            /** Time S */
            time_s: number;
            /** Truth */
            truth: {
                [key: string]: number;
            };
            /** Voice */
            voice: string;
        };
        /** SiteView */
        SiteView: {
            /** Chamber */
            chamber: string;
            /** Device */
            device: string;
            /** Name */
            name: string;
            /** Profile */
            profile: string;
            /** Simulated */
            simulated: boolean | null;
            /** Site */
            site: string;
            /** Version */
            version: string;
        };
        /**
         * SkinSiteView
         * @description Estimated bare skin of a site in °C with its bounds (two standard deviations): an estimate, no measurement.
         */
        SkinSiteView: {
            /** C */
            c: number;
            /** High C */
            high_c: number;
            /** Low C */
            low_c: number;
            /**
             * Site
             * @enum {string}
             */
            site: "trunk" | "arm" | "leg" | "face" | "spot";
        };
        /**
         * SkinView
         * @description Skin of the people inside, every two seconds. ``off``: why there is no estimate, "" if there is one. ``unread``: the gas about them
         *     is not measured now and is taken to be the coldest seen or set. ``end_c``: a lower bound at it ends the session.
         *
         *     ``persons``: of each, in the order of going in, every site.
         */
        SkinView: {
            /** End C */
            end_c: number;
            /**
             * Off
             * @enum {string}
             */
            off: "" | "nobody_inside" | "not_measured";
            /** Persons */
            persons: components["schemas"]["SkinSiteView"][][];
            /** Unread */
            unread: boolean;
        };
        /**
         * Snapshot
         * @description The whole state at one scan. ``seq`` grows by one a scan within one ``boot_id``.
         */
        Snapshot: {
            /** Action */
            action: string;
            /** Alarms */
            alarms: components["schemas"]["AlarmView"][];
            audio: components["schemas"]["AudioView"];
            /** Boot Id */
            boot_id: string;
            /** Bypasses */
            bypasses: components["schemas"]["BypassView"][];
            /** Causes */
            causes: components["schemas"]["CauseView"][];
            /** Commands */
            commands: {
                [key: string]: components["schemas"]["CommandView"];
            };
            cycle: components["schemas"]["CycleView"];
            entry: components["schemas"]["EntryView"];
            /** Hidden Alarms */
            hidden_alarms: components["schemas"]["HiddenAlarmView"][];
            link: components["schemas"]["LinkView"];
            main: components["schemas"]["RoomView"];
            /** Mono S */
            mono_s: number;
            nitrogen: components["schemas"]["NitrogenView"];
            plc: components["schemas"]["PlcView"] | null;
            pre: components["schemas"]["RoomView"] | null;
            records: components["schemas"]["RecordsView"];
            /** Regulators */
            regulators: {
                [key: string]: components["schemas"]["RegulatorView"];
            };
            room: components["schemas"]["RoomAirView"];
            scan: components["schemas"]["ScanView"];
            /** Seq */
            seq: number;
            /**
             * Server Time
             * Format: date-time
             */
            server_time: string;
            session: components["schemas"]["SessionView"] | null;
            site: components["schemas"]["SiteView"];
            /** Tags */
            tags: {
                [key: string]: components["schemas"]["TagView"];
            };
        };
        /**
         * SnapshotMessage
         * @description Everything. First message of a connection, after a resync and when the control process has restarted.
         *
         *     ``seq`` counts the snapshot and changes messages of this connection, without gaps.
         */
        SnapshotMessage: {
            ages: components["schemas"]["Ages"];
            /** Mono S */
            mono_s: number;
            /** Seq */
            seq: number;
            /**
             * Server Time
             * Format: date-time
             */
            server_time: string;
            snapshot: components["schemas"]["Snapshot"];
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "SnapshotMessage";
        };
        /**
         * StopRequest
         * @description Stop without sign-in: the second path beside ``POST /commands``. ``id`` ties both paths together.
         */
        StopRequest: {
            /** Id */
            id?: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "StopRequest";
        };
        /** @description What the server sends over WS /api/v1/stream. */
        StreamMessage: components["schemas"]["SnapshotMessage"] | components["schemas"]["ChangesMessage"] | components["schemas"]["NoDataMessage"] | components["schemas"]["CommandMessage"];
        /** @description What a client may send over WS /api/v1/stream. */
        StreamRequest: components["schemas"]["ResyncRequest"] | components["schemas"]["StopRequest"] | components["schemas"]["EvacuateRequest"] | components["schemas"]["PanelHeartbeat"];
        /** TagInfo */
        TagInfo: {
            /** High */
            high: number | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "analog" | "bit" | "estimate";
            /** Low */
            low: number | null;
            /** Not Fitted */
            not_fitted: string | null;
            /** Tag */
            tag: string;
            /** Text */
            text: string;
            /** True */
            true: string | null;
            /** Unit */
            unit: string;
            /** Usual High */
            usual_high?: number | null;
            /** Usual Low */
            usual_low?: number | null;
        };
        /**
         * TagView
         * @description One signal. ``v`` is None when unknown; ``q`` is the quality after validation; ``age_s`` is None if never read.
         *
         *     ``ne107``: state of the instrument after NAMUR NE 107; ``why`` is its reason, too.
         */
        TagView: {
            /** Age S */
            age_s: number | null;
            /**
             * Ne107
             * @enum {string}
             */
            ne107: "failure" | "function_check" | "out_of_specification" | "maintenance_required" | "good";
            /**
             * Q
             * @enum {string}
             */
            q: "good" | "uncertain" | "bad";
            /** V */
            v: number | boolean | null;
            /** Why */
            why: string;
        };
        /**
         * Trend
         * @description Minimum and maximum per bucket; ``None`` where nothing good was recorded. ``t`` is the bucket's middle, epoch s.
         */
        Trend: {
            /** Max */
            max: (number | null)[];
            /** Min */
            min: (number | null)[];
            /** T */
            t: number[];
        };
        /**
         * TuningView
         * @description ``recorded_s``: length of the recording since a precool out of the warm, None: there is none, and no tuning is possible.
         *
         *     ``waits``: what the phase "settling" waits for.
         *
         *     ``ended``: why the last run was over without a proposal, "" if it was not.
         */
        TuningView: {
            /** By */
            by: string | null;
            /** Ended */
            ended: string;
            /** Ended By */
            ended_by: string;
            /** Excursion K */
            excursion_k: number | null;
            /** In Force */
            in_force: components["schemas"]["InForceView"][];
            /** Phase */
            phase: ("settling" | "relay" | "after" | "fitting" | "proposed") | null;
            proposal: components["schemas"]["ProposalView"] | null;
            /** Recorded S */
            recorded_s: number | null;
            /** Relay S */
            relay_s: number | null;
            /** Room */
            room: ("main" | "pre") | null;
            /** Since S */
            since_s: number | null;
            waits: components["schemas"]["WaitsView"] | null;
        };
        /**
         * TwinView
         * @description ``off``: why there is no twin here, "" if there is one. ``minutes``: watched so far.
         */
        TwinView: {
            /** Estimates */
            estimates: components["schemas"]["EstimateView"][];
            /** Minutes */
            minutes: number;
            /** Off */
            off: string;
            /** Quiet */
            quiet: boolean;
        };
        /**
         * UnknownView
         * @description Somebody may be inside since before control started. ``elapsed_s``: the longer of PLC timer and age of the open record.
         */
        UnknownView: {
            /** Elapsed S */
            elapsed_s: number;
            /** Persons */
            persons: number | null;
            /** Session */
            session: number | null;
        };
        /** UpkeepView */
        UpkeepView: {
            /** Bypass Default Min */
            bypass_default_min: number;
            /** Bypass Max Min */
            bypass_max_min: number;
            /** Bypassable */
            bypassable: string[];
            /** Bypasses */
            bypasses: components["schemas"]["BypassView"][];
            checklist: components["schemas"]["ChecklistView"];
            configuration: components["schemas"]["ConfigurationView"];
            /** Tests */
            tests: components["schemas"]["ProofTestView"][];
            work: components["schemas"]["WorkView"] | null;
        };
        /** UserBody */
        UserBody: {
            /** Name */
            name: string;
            role: components["schemas"]["Role"];
        };
        /** UserView */
        UserView: {
            /**
             * Created
             * Format: date-time
             */
            created: string;
            /** Disabled */
            disabled: string | null;
            /** Name */
            name: string;
            role: components["schemas"]["Role"];
        };
        /** UsersView */
        UsersView: {
            /** Users */
            users: components["schemas"]["UserView"][];
        };
        /**
         * WaitsView
         * @description What keeps the relay test from beginning: the chamber is not "ready", the "record" of the room is too short (s), the "room" was
         *     away from its set point (K) or the "valve" moved (%) in that time. ``limit``: what ``value`` has to come to.
         */
        WaitsView: {
            /** Limit */
            limit: number | null;
            /** Value */
            value: number | null;
            /**
             * Why
             * @enum {string}
             */
            why: "ready" | "record" | "room" | "valve";
        };
        /**
         * WorkView
         * @description The last work on the device: every test that it voids has to be passed later than this.
         */
        WorkView: {
            /** At */
            at: string | null;
            /** Reason */
            reason: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    alarms: {
        parameters: {
            query?: {
                /** @description at most so many rows */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmsView"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledge_all: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AcknowledgeBody"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandResult"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The id was used for something else */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    alarm_figures: {
        parameters: {
            query?: {
                /** @description ISO 8601 time, or seconds before now as -86400 */
                from?: string;
                /** @description ISO 8601 time, or seconds before now as -0 */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlarmFigures"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledge: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                alarm: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AcknowledgeBody"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandResult"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The id was used for something else */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    out_of_service: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                alarm: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OutOfServiceBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandResult"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The id was used for something else */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many tries; wait `retry_after_s` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    command: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CommandBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommandResult"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description The id was used for something else */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    description: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Description"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthView"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    history: {
        parameters: {
            query: {
                /** @description comma-separated, e.g. TT-102,AT-101A */
                tags: string;
                /** @description ISO 8601 time, or seconds before now as -3600 */
                from?: string;
                /** @description ISO 8601 time, or seconds before now as -0 */
                to?: string;
                /** @description at most so many buckets */
                points?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HistoryView"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    history_tags: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HistoryTag"][];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    journal: {
        parameters: {
            query?: {
                /** @description at most so many rows */
                limit?: number;
                /** @description rows with an id below this; from `next_before` */
                before?: number | null;
                kind?: components["schemas"]["EventKind"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JournalView"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    plan: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanView"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    schedule: {
        parameters: {
            query: {
                /** @description ISO 8601 with time zone */
                start: string;
                /** @description ISO 8601 with time zone */
                end: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleView"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enter: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AppointmentBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Appointment"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_out: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                appointment_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleView"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sessions: {
        parameters: {
            query?: {
                /** @description at most so many rows */
                limit?: number;
                /** @description rows with an id below this; from `next_before` */
                before?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionsView"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionRecord"];
                };
            };
            /** @description Not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInView"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many tries; wait `retry_after_s` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SimulatorStatus"];
                };
            };
            /** @description Not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    act: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SimDoor"] | components["schemas"]["SimWalk"] | components["schemas"]["SimEstop"] | components["schemas"]["SimCall"] | components["schemas"]["SimAutopilot"] | components["schemas"]["SimInject"] | components["schemas"]["SimSurprise"] | components["schemas"]["SimForget"] | components["schemas"]["SimClear"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SimulatorReply"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exercise: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Debrief"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    faults: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaultCatalogue"];
                };
            };
            /** @description Not there */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    snapshot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Snapshot"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tuning: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TuningView"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    twin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TwinView"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upkeep: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpkeepView"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    users: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsersView"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    make: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewPin"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    disable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsersView"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsersView"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    new_pin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewPin"];
                };
            };
            /** @description Not signed in */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Role too low, or the request comes from a foreign page */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request not understood; `detail` names the field */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description A part that is needed does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
}
