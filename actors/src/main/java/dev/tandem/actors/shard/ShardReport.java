package dev.tandem.actors.shard;

import dev.tandem.actors.protocol.ControlMessage;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.topology.CoreGroupId;

/**
 * What a shard has done since it was opened; sent to the gateway now and then.
 *
 * @param upNanos since it was connected
 * @param computeNanos of which its session was running
 * @param bytesSent payload sent to other nodes
 * @param queued requests that its core group has been given and has not computed yet, the one under way included
 */
public record ShardReport(
        long epoch,
        int lane,
        Endpoint shard,
        CoreGroupId place,
        long completed,
        long failed,
        long upNanos,
        long computeNanos,
        long bytesSent,
        long queued)
        implements DataMessage, ControlMessage {}
