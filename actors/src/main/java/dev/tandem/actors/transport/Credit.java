package dev.tandem.actors.transport;

/**
 * From a consumer to a producer: the piece of this sequence has been used. The producer may send one more on this edge,
 * and may use the buffer again that the piece came from.
 */
public record Credit(Route route, long sequence) implements DataMessage {}
