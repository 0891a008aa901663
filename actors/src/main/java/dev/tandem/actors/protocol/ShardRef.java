package dev.tandem.actors.protocol;

import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.plan.Endpoint;
import org.apache.pekko.actor.typed.ActorRef;

/** Where a shard of a lane is. */
public record ShardRef(int lane, Endpoint shard, ActorRef<DataMessage> ref) {}
