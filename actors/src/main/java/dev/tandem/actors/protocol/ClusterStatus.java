package dev.tandem.actors.protocol;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.core.planner.Objective;
import java.util.List;
import java.util.Optional;

/**
 * What is where in a cluster at one moment, as its supervisor knows it. Counters grow from the start of what they count;
 * rates are differences between two of these.
 *
 * @param takenEpochMillis by the clock of the supervisor's machine
 * @param members of the cluster, applications included, in the order of their addresses
 * @param nodes that have been measured, in the order of their names
 * @param speeds of the core groups whose calls were watched long enough, in the order of their names
 * @param epochs in place, in the order of their numbers
 */
public record ClusterStatus(
        long takenEpochMillis,
        List<MemberStatus> members,
        List<NodeReport> nodes,
        List<SpeedStatus> speeds,
        List<GatewayStatus> gateways,
        List<EpochStatus> epochs)
        implements ControlMessage {

    public ClusterStatus {
        members = List.copyOf(members);
        nodes = List.copyOf(nodes);
        speeds = List.copyOf(speeds);
        gateways = List.copyOf(gateways);
        epochs = List.copyOf(epochs);
    }

    /**
     * A member of the cluster.
     *
     * @param name of the node or gateway; where none is known made of role and address
     * @param address host:port
     * @param status as the cluster calls it: Joining, Up, Leaving, ...
     * @param startedEpochMillis by the member's own clock; absent for members that only ask
     * @param isLeader whether it decides on who joins and leaves
     */
    public record MemberStatus(
            String name,
            String address,
            String status,
            boolean isReachable,
            List<String> roles,
            Optional<Long> startedEpochMillis,
            boolean isLeader,
            boolean hostsSupervisor) {
        public MemberStatus {
            roles = List.copyOf(roles);
        }
    }

    /**
     * How fast a core group is taken to be.
     *
     * @param speed 1 for as fast as measured when its node started, 0.5 for half of that
     */
    public record SpeedStatus(String node, String coreGroup, double speed) {}

    /**
     * A gateway; a process has one for each model that it serves.
     *
     * @param name of its member
     * @param model that it serves; empty when there is none
     * @param stats absent when it did not answer in time
     */
    public record GatewayStatus(String name, String model, Optional<Stats> stats) {}

    /**
     * A plan in place.
     *
     * @param gateway that it serves
     * @param isServing whether requests are dealt to it; otherwise it answers those it has and goes
     * @param predictedLatencySeconds of one request alone, when it was planned
     * @param predictedPerSecond requests when many are in flight, when it was planned
     * @param verdict why it was not replaced when it was looked at last; empty when it was not
     */
    public record EpochStatus(
            long epoch,
            String model,
            String scheme,
            String gateway,
            boolean isServing,
            Objective objective,
            double predictedLatencySeconds,
            double predictedPerSecond,
            String verdict,
            List<ShardPlace> shards) {
        public EpochStatus {
            shards = List.copyOf(shards);
        }
    }

    /**
     * Where a shard of a plan runs.
     *
     * @param isStandby whether its lane takes requests only when no other is left
     * @param firstLayer of its segment, which ends before {@code endLayer}
     * @param region of its output in words
     * @param predictedSeconds of one request
     */
    public record ShardPlace(
            int lane,
            int stage,
            int shard,
            int firstLayer,
            int endLayer,
            String node,
            String coreGroup,
            String region,
            double predictedSeconds,
            long memoryBytes,
            boolean isStandby) {}
}
