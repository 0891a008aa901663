package dev.tandem.deploy.cli;

import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.protocol.ClusterStatus;
import dev.tandem.actors.protocol.ClusterStatus.EpochStatus;
import dev.tandem.actors.protocol.ClusterStatus.GatewayStatus;
import dev.tandem.actors.protocol.ClusterStatus.MemberStatus;
import dev.tandem.actors.protocol.ClusterStatus.ShardPlace;
import dev.tandem.actors.protocol.ClusterStatus.SpeedStatus;
import dev.tandem.actors.protocol.GroupProvider;
import dev.tandem.actors.protocol.NodeReport;
import dev.tandem.core.topology.CoreGroup;
import dev.tandem.core.topology.CoreGroupId;
import dev.tandem.deploy.cli.StatusRates.GatewayKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of a running cluster, as JSON; what changes with time is that of the span between two looks at it.
 *
 * @param spanSeconds that rates and busy shares are about
 */
record StatusView(
        String takenAt,
        double spanSeconds,
        String leader,
        String supervisor,
        List<MemberView> members,
        List<CoreGroupView> coreGroups,
        List<ServedView> served,
        List<GatewayView> gateways) {

    /** A member; {@code startedAt} is null where it is not known. */
    record MemberView(
            String name,
            String address,
            String status,
            boolean reachable,
            @Nullable String startedAt,
            List<String> roles,
            boolean leader,
            boolean supervisor) {}

    /**
     * A core group; its share and queue are those of its shards.
     *
     * @param kind cpu or gpu
     * @param provider that computes, as settings name it; null where the node does not say
     * @param problem why that is not what the settings of the node ask for; null when it is
     * @param speed beside its rate, from the times of its calls; null while too little is known
     * @param queue requests given to it and not computed yet
     */
    record CoreGroupView(
            String node,
            String coreGroup,
            String kind,
            @Nullable String provider,
            @Nullable String problem,
            List<Integer> cpus,
            int threads,
            double multiplyAddsPerSecond,
            @Nullable Double speed,
            int shards,
            double busyShare,
            long queue) {}

    /**
     * A plan in place.
     *
     * @param requestsPerSecond null where its gateway did not answer
     * @param measuredSeconds that a request was with the shards, the mean; null where there was none
     * @param predictedPerSecond when many requests are in flight
     * @param predictedSeconds of one request alone
     * @param verdict why it was not replaced when it was looked at last; null when it was not
     */
    record ServedView(
            String model,
            long epoch,
            String state,
            String gateway,
            String scheme,
            String objective,
            @Nullable Double requestsPerSecond,
            @Nullable Double measuredSeconds,
            double predictedPerSecond,
            double predictedSeconds,
            @Nullable String verdict,
            List<PartView> parts) {}

    /** A shard; seconds are those of one call; layers are those in {@code [firstLayer, endLayer)}; null is what its gateway has not heard of it. */
    record PartView(
            int lane,
            int stage,
            int shard,
            int firstLayer,
            int endLayer,
            String node,
            String coreGroup,
            String region,
            double predictedSeconds,
            @Nullable Double measuredSeconds,
            long memoryBytes,
            boolean standby,
            @Nullable Double requestsPerSecond,
            @Nullable Double busyShare,
            @Nullable Long queue) {}

    /** A gateway, one for each model of a process; {@code model} is null where none is served, {@code problem} where nothing is wrong. */
    record GatewayView(
            String name,
            @Nullable String model,
            boolean answers,
            @Nullable Long epoch,
            @Nullable Double requestsPerSecond,
            @Nullable Double failuresPerSecond,
            @Nullable Long completed,
            @Nullable Long failed,
            @Nullable Integer queued,
            @Nullable Integer inFlight,
            @Nullable Long bytesHeld,
            @Nullable String problem) {}

    static StatusView between(ClusterStatus before, ClusterStatus after) {
        StatusRates rates = new StatusRates(before, after);
        List<ServedView> served =
                after.epochs().stream().map(epoch -> served(epoch, rates)).toList();
        return new StatusView(
                time(after.takenEpochMillis()),
                rates.spanSeconds(),
                named(after, MemberStatus::isLeader),
                named(after, MemberStatus::hostsSupervisor),
                after.members().stream().map(StatusView::member).toList(),
                after.nodes().stream()
                        .flatMap(node -> node.node().coreGroups().stream()
                                .map(group -> coreGroup(group, provider(node, group), after.speeds(), served)))
                        .toList(),
                served,
                after.gateways().stream()
                        .map(gateway -> gateway(gateway, rates))
                        .toList());
    }

    private static String named(ClusterStatus status, Predicate<MemberStatus> which) {
        return status.members().stream()
                .filter(which)
                .map(MemberStatus::name)
                .findFirst()
                .orElse("");
    }

    private static MemberView member(MemberStatus member) {
        return new MemberView(
                member.name(),
                member.address(),
                member.status().toLowerCase(Locale.ROOT),
                member.isReachable(),
                member.startedEpochMillis().map(StatusView::time).orElse(null),
                member.roles(),
                member.isLeader(),
                member.hostsSupervisor());
    }

    private static Optional<GroupProvider> provider(NodeReport node, CoreGroup group) {
        return node.providers().stream()
                .filter(provider -> provider.coreGroup().equals(group.id().group()))
                .findFirst();
    }

    private static CoreGroupView coreGroup(
            CoreGroup group, Optional<GroupProvider> provider, List<SpeedStatus> speeds, List<ServedView> served) {
        List<PartView> parts = served.stream()
                .flatMap(epoch -> epoch.parts().stream())
                .filter(part -> part.node().equals(group.id().node())
                        && part.coreGroup().equals(group.id().group()))
                .toList();
        return new CoreGroupView(
                group.id().node(),
                group.id().group(),
                group.kind().name().toLowerCase(Locale.ROOT),
                provider.map(GroupProvider::provider).orElse(null),
                provider.map(GroupProvider::problem)
                        .filter(problem -> !problem.isEmpty())
                        .orElse(null),
                group.cpus(),
                group.threads(),
                group.multiplyAddsPerSecond(),
                speed(group.id(), speeds),
                parts.size(),
                parts.stream().mapToDouble(part -> orZero(part.busyShare())).sum(),
                parts.stream()
                        .mapToLong(part -> part.queue() == null ? 0 : part.queue())
                        .sum());
    }

    private static @Nullable Double speed(CoreGroupId group, List<SpeedStatus> speeds) {
        return speeds.stream()
                .filter(speed ->
                        speed.node().equals(group.node()) && speed.coreGroup().equals(group.group()))
                .map(SpeedStatus::speed)
                .findFirst()
                .orElse(null);
    }

    private static double orZero(@Nullable Double value) {
        return value == null ? 0 : value;
    }

    private static ServedView served(EpochStatus epoch, StatusRates rates) {
        GatewayKey gateway = GatewayKey.serving(epoch.gateway(), epoch.model());
        return new ServedView(
                epoch.model(),
                epoch.epoch(),
                epoch.isServing() ? "serving" : "draining",
                epoch.gateway(),
                epoch.scheme(),
                epoch.objective().toString(),
                epoch.isServing() ? rates.completedPerSecond(gateway) : null,
                rates.secondsAway(gateway, epoch.epoch()),
                epoch.predictedPerSecond(),
                epoch.predictedLatencySeconds(),
                epoch.verdict().isEmpty() ? null : epoch.verdict(),
                epoch.shards().stream()
                        .map(shard -> part(epoch.epoch(), shard, rates))
                        .toList());
    }

    private static PartView part(long epoch, ShardPlace place, StatusRates rates) {
        StatusRates.ShardRate rate = rates.shard(epoch, place);
        return new PartView(
                place.lane(),
                place.stage(),
                place.shard(),
                place.firstLayer(),
                place.endLayer(),
                place.node(),
                place.coreGroup(),
                place.region(),
                place.predictedSeconds(),
                rate == null ? null : rate.secondsPerCall(),
                place.memoryBytes(),
                place.isStandby(),
                rate == null ? null : rate.requestsPerSecond(),
                rate == null ? null : rate.busyShare(),
                rate == null ? null : rate.queue());
    }

    private static GatewayView gateway(GatewayStatus gateway, StatusRates rates) {
        Stats stats = gateway.stats().orElse(null);
        String model = gateway.model().isEmpty() ? null : gateway.model();
        if (stats == null) {
            return new GatewayView(gateway.name(), model, false, null, null, null, null, null, null, null, null, null);
        }
        GatewayKey key = GatewayKey.of(gateway, stats);
        return new GatewayView(
                gateway.name(),
                model,
                true,
                stats.epoch(),
                rates.completedPerSecond(key),
                rates.failedPerSecond(key),
                stats.completed(),
                stats.failed(),
                stats.queued(),
                stats.inFlight(),
                stats.bytesHeld(),
                stats.problem().isEmpty() ? null : stats.problem());
    }

    private static String time(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Parts in each stage of each lane, by "lane:stage". */
    static Map<String, Long> widths(List<PartView> parts) {
        return parts.stream().collect(Collectors.groupingBy(StatusView::stage, Collectors.counting()));
    }

    static String stage(PartView part) {
        return (part.lane() == 0 ? "" : part.lane() + ":") + part.stage();
    }
}
