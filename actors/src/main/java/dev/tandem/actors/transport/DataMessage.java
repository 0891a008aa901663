package dev.tandem.actors.transport;

/**
 * A message of the data plane. An actor that receives frames takes them in its own protocol, directly: the
 * large-message channel is chosen by the recipient's path, and a message adapter has a path that is not listed.
 */
public interface DataMessage {}
