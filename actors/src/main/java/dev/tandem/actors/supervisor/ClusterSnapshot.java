package dev.tandem.actors.supervisor;

import dev.tandem.actors.protocol.ClusterStatus;
import dev.tandem.actors.protocol.ClusterStatus.EpochStatus;
import dev.tandem.actors.protocol.ClusterStatus.GatewayStatus;
import dev.tandem.actors.protocol.ClusterStatus.MemberStatus;
import dev.tandem.actors.protocol.ClusterStatus.ShardPlace;
import dev.tandem.actors.protocol.ClusterStatus.SpeedStatus;
import dev.tandem.actors.protocol.NodeReport;
import dev.tandem.actors.supervisor.Rebalancing.Insight;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.graph.Segment;
import dev.tandem.core.plan.Endpoint;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore.ShardScore;
import dev.tandem.core.plan.Shard;
import dev.tandem.core.region.Region;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;

/** What the supervisor knows at one moment, but for what gateways have to say. Immutable. */
final class ClusterSnapshot {

    private final Cluster cluster;
    private final CurrentClusterState membership;
    private final List<NodeReport> nodes;
    private final List<SpeedStatus> speeds;
    private final List<EpochStatus> epochs;
    private final Map<ActorRef<DataMessage>, String> models = new HashMap<>();
    private final Map<Address, String> names = new HashMap<>();
    private final Map<String, Long> started = new HashMap<>();

    ClusterSnapshot(Cluster cluster, KnownMembers members, ServedEpochs served, PlanPolicy policy, Insight insight) {
        this.cluster = cluster;
        this.membership = cluster.state();
        this.nodes = members.nodes().reports();
        this.speeds = insight.speeds().speeds().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(speed ->
                        new SpeedStatus(speed.getKey().node(), speed.getKey().group(), speed.getValue()))
                .toList();
        this.epochs = served.all().stream()
                .map(entry -> epoch(entry, served.serving(entry.epoch()).isPresent(), policy, insight))
                .sorted(Comparator.comparingLong(EpochStatus::epoch))
                .toList();
        served.serving()
                .forEach(entry ->
                        models.put(entry.order().gateway(), entry.order().plan().model()));
        members.gateways().all().forEach(gateway -> names.put(address(gateway.gateway()), gateway.node()));
        members.nodes().agents().forEach((name, agent) -> names.put(address(agent), name));
        nodes.forEach(node -> started.put(node.node().id(), node.startedEpochMillis()));
    }

    /** All of it, with what the gateways have said. */
    ClusterStatus with(List<StatusSurvey.Answer> gateways) {
        gateways.forEach(answer -> answer.stats()
                .ifPresent(said -> started.merge(answer.gateway().node(), said.startedEpochMillis(), Math::min)));
        return new ClusterStatus(
                System.currentTimeMillis(),
                StreamSupport.stream(membership.getMembers().spliterator(), false)
                        .map(this::member)
                        .toList(),
                nodes,
                speeds,
                gateways.stream()
                        .map(this::gateway)
                        .sorted(Comparator.comparing(GatewayStatus::name).thenComparing(GatewayStatus::model))
                        .toList(),
                epochs);
    }

    private GatewayStatus gateway(StatusSurvey.Answer answer) {
        String model = models.getOrDefault(answer.gateway().gateway(), "");
        return new GatewayStatus(answer.gateway().node(), model, answer.stats());
    }

    private MemberStatus member(Member member) {
        List<String> roles = member.getRoles().stream()
                .filter(role -> !role.startsWith("dc-"))
                .sorted()
                .toList();
        String address = member.address().getHost().orElse("") + ":"
                + member.address().getPort().orElse(0);
        String name = names.getOrDefault(member.address(), String.join("-", roles) + "-" + address);
        return new MemberStatus(
                name,
                address,
                member.status().toString(),
                !membership.getUnreachable().contains(member),
                roles,
                Optional.ofNullable(started.get(name)),
                member.address().equals(membership.getLeader()),
                member.address().equals(cluster.selfMember().address()));
    }

    private Address address(ActorRef<?> ref) {
        Address address = ref.path().address();
        return address.hasLocalScope() ? cluster.selfMember().address() : address;
    }

    private static EpochStatus epoch(Served entry, boolean isServing, PlanPolicy policy, Insight insight) {
        Plan plan = entry.order().plan();
        List<ShardPlace> shards = new ArrayList<>();
        for (int lane = 0; lane < plan.lanes().size(); lane++) {
            addLane(shards, plan, lane);
        }
        return new EpochStatus(
                entry.epoch(),
                plan.model(),
                plan.scheme(),
                entry.deploy().gateway().node(),
                isServing,
                entry.deploy().order().objective().orElse(policy.objective()),
                plan.predicted().latencySeconds(),
                plan.predicted().throughputPerSecond(),
                insight.verdicts().getOrDefault(entry.epoch(), ""),
                shards);
    }

    private static void addLane(List<ShardPlace> places, Plan plan, int laneIndex) {
        Lane lane = plan.lanes().get(laneIndex);
        for (int stage = 0; stage < lane.stages().size(); stage++) {
            Segment segment = lane.stages().get(stage).segment();
            List<Shard> shards = lane.stages().get(stage).shards();
            for (int index = 0; index < shards.size(); index++) {
                Shard shard = shards.get(index);
                ShardScore score = score(plan, laneIndex, new Endpoint(stage, index));
                places.add(new ShardPlace(
                        laneIndex,
                        stage,
                        index,
                        segment.from(),
                        segment.to(),
                        shard.place().node(),
                        shard.place().group(),
                        shards.size() == 1 ? Region.WHOLE.toString() : region(shard),
                        score.computeSeconds(),
                        score.memoryBytes(),
                        lane.isStandby()));
            }
        }
    }

    private static ShardScore score(Plan plan, int lane, Endpoint endpoint) {
        return plan.predicted().shards().stream()
                .filter(score -> score.lane() == lane && score.shard().equals(endpoint))
                .findFirst()
                .orElse(new ShardScore(lane, endpoint, 0, 0, 0));
    }

    /** The part of the outputs that is divided, of the first by name where several are. */
    private static String region(Shard shard) {
        return new TreeSet<>(shard.outputs().keySet())
                .stream()
                        .map(output -> shard.outputs().get(output))
                        .filter(region -> !Region.WHOLE.equals(region))
                        .findFirst()
                        .orElse(Region.WHOLE)
                        .toString();
    }
}
