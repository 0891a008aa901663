package dev.tandem.actors.transport;

import dev.tandem.actors.protocol.ControlMessage;

/**
 * The source cannot serve the piece, and why.
 *
 * @param job number of the job that has asked
 */
public record NoSuchPiece(long job, String sha, String reason) implements ChunkReply, ControlMessage {}
