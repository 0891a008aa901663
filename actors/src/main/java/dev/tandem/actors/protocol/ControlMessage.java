package dev.tandem.actors.protocol;

/** A message that travels between nodes as Jackson CBOR. What stays in one JVM does not implement it. */
public interface ControlMessage {}
