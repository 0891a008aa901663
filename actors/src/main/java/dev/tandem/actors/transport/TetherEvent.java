package dev.tandem.actors.transport;

/** What happens to the tether to a peer. */
public sealed interface TetherEvent {

    /** Node id of the peer. */
    String peer();

    /** The tether stands. */
    record Held(String peer) implements TetherEvent {}

    /** The peer died, fell silent, could not be reached or refused. */
    record Lost(String peer, String reason) implements TetherEvent {}

    /** The peer let go on purpose: nothing is wrong with it. */
    record Released(String peer) implements TetherEvent {}
}
