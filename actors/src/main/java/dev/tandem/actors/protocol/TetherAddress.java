package dev.tandem.actors.protocol;

/**
 * Where a node can be tied to.
 *
 * @param incarnation another one each time the node starts: what is said of an earlier one is not true of it
 */
public record TetherAddress(String host, int port, long incarnation) {}
