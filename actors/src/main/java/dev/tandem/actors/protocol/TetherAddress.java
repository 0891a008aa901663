package dev.tandem.actors.protocol;

/** Where a node accepts tethers. */
public record TetherAddress(String host, int port) {}
