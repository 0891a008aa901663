package dev.tandem.actors.transport;

/** What happens to the tether to a peer. */
public sealed interface TetherEvent {

    /** Node id of the peer. */
    String peer();

    /** The tether stands. */
    record Held(String peer) implements TetherEvent {}

    /**
     * The peer died, fell silent, could not be reached or refused.
     *
     * @param stood whether the tether was held before; otherwise the peer may never have been there
     */
    record Lost(String peer, String reason, boolean stood) implements TetherEvent {}

    /** The peer let go on purpose: nothing is wrong with it. */
    record Released(String peer) implements TetherEvent {}
}
