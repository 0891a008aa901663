package dev.tandem.actors.shard;

import dev.tandem.actors.protocol.ControlMessage;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.plan.Endpoint;

/** A shard can no longer take part: frames were lost or wrong. Its epoch cannot go on. */
public record ShardFault(long epoch, int lane, Endpoint shard, String reason) implements DataMessage, ControlMessage {}
