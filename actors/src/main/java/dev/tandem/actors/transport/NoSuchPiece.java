package dev.tandem.actors.transport;

import dev.tandem.actors.protocol.ControlMessage;

/** The source cannot serve the piece, and why. */
public record NoSuchPiece(String sha, String reason) implements ChunkReply, ControlMessage {}
