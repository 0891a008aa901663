package dev.tandem.core.sim;

/** What happens, packed into a long: kind (4 bits), subject (28 bits), sequence of a request in its lane (32 bits). */
final class Event {

    /** Kinds of events, by what their subject is the number of. */
    enum Kind {
        /** A request comes to the gateway; the subject is of no matter. */
        ARRIVAL(0),
        /** The sending card begins with a transfer. */
        DEPARTURE(1),
        /** The first byte of a transfer is at the receiving card. */
        HEAD(2),
        /** All of a transfer is at its consumer. */
        PIECE(3),
        /** A port has computed. */
        COMPUTED(4),
        /** The consumer of a transfer has used the oldest piece that was not credited yet. */
        CREDIT(5),
        /** A loss of the scenario. */
        LOSS(6),
        /** The gateway has dealt a request to a lane. */
        DEALT(7);

        private final long code;

        Kind(long code) {
            this.code = code;
        }
    }

    /** So many subjects of one kind can be told from each other. */
    static final int SUBJECTS = 1 << 28;

    /** By code. */
    private static final Kind[] KINDS = Kind.values();

    private static final int KIND_SHIFT = 60;
    private static final int SUBJECT_SHIFT = 32;

    private Event() {}

    static long of(Kind kind, int subject, int sequence) {
        return kind.code << KIND_SHIFT | (long) subject << SUBJECT_SHIFT | sequence;
    }

    static Kind kind(long event) {
        return KINDS[(int) (event >>> KIND_SHIFT)];
    }

    static int subject(long event) {
        return (int) (event >>> SUBJECT_SHIFT) & (SUBJECTS - 1);
    }

    static int sequence(long event) {
        return (int) event;
    }
}
