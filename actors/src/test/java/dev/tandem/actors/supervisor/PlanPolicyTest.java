package dev.tandem.actors.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.config.ClusterSettings;
import dev.tandem.config.PlannerCodec;
import dev.tandem.config.PlannerObjective;
import dev.tandem.config.PlannerScheme;
import dev.tandem.config.PlannerSettings;
import dev.tandem.config.RebalanceSettings;
import dev.tandem.config.StandbyMode;
import dev.tandem.core.adapt.MoveRule;
import dev.tandem.core.plan.Codec;
import dev.tandem.core.planner.Constraints;
import dev.tandem.core.planner.Objective;
import dev.tandem.core.planner.Scheme;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanPolicyTest {

    @Test
    void hasTheSameObjectivesAndSchemesAsTheSettings() {
        for (PlannerObjective objective : PlannerObjective.values()) {
            for (PlannerScheme scheme : PlannerScheme.values()) {
                PlanPolicy policy = policy(new PlannerSettings(
                        objective, scheme, 3, List.of("a"), Duration.ZERO, 0, 0, PlannerCodec.EXACT));

                assertThat(policy.objective()).isEqualTo(Objective.valueOf(objective.name()));
                assertThat(policy.scheme()).isEqualTo(Scheme.valueOf(scheme.name()));
            }
        }
    }

    @Test
    void hasTheSameCodecsAsTheSettings() {
        for (PlannerCodec codec : PlannerCodec.values()) {
            PlanPolicy policy = policy(coded(codec));
            DeployOrder open = new DeployOrder(Optional.empty(), Optional.empty(), 0, 0);

            assertThat(policy.codec()).isEqualTo(Codec.valueOf(codec.name()));
            assertThat(policy.complete(open, 1).codec()).isEqualTo(policy.codec());
            assertThat(policy.complete(open.coded(Optional.of(Codec.LZ4)), 1).codec())
                    .isEqualTo(Codec.LZ4);
        }
        assertThat(Codec.values()).hasSameSizeAs(PlannerCodec.values());
        assertThat(policy(coded(PlannerCodec.LZ4)).plansLike(policy(coded(PlannerCodec.INT8))))
                .isFalse();
    }

    private static PlannerSettings coded(PlannerCodec codec) {
        return new PlannerSettings(
                PlannerObjective.LATENCY, PlannerScheme.AUTO, 3, List.of(), Duration.ZERO, 0, 0, codec);
    }

    @Test
    void takesZeroForNoBound() {
        assertThat(constraints(Duration.ZERO, 0, 0)).isEqualTo(Constraints.NONE.withMaxNodes(3));
        assertThat(constraints(Duration.ofMillis(50), 2.5, 0.8)).isEqualTo(new Constraints(3, 0.05, 2.5, 0.8));
    }

    @Test
    void replacesPlansAsTheSettingsSay() {
        PlanPolicy.Rebalance rebalance = PlanPolicy.of(cluster(planner(3), 0.2)).rebalance();

        assertThat(rebalance.isEnabled()).isTrue();
        assertThat(rebalance.rule()).isEqualTo(new MoveRule(0.2, Duration.ofMinutes(2)));
        assertThat(rebalance.coolDown()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void plansAreTheSameWhenOnlyTheirReplacementIsNot() {
        PlanPolicy policy = PlanPolicy.of(cluster(planner(3), 0.2));

        assertThat(policy.plansLike(PlanPolicy.of(cluster(planner(3), 0.3)))).isTrue();
        assertThat(policy.plansLike(PlanPolicy.of(cluster(planner(4), 0.2)))).isFalse();
    }

    private static PlannerSettings planner(int maxNodes) {
        return new PlannerSettings(
                PlannerObjective.LATENCY,
                PlannerScheme.AUTO,
                maxNodes,
                List.of(),
                Duration.ZERO,
                0,
                0,
                PlannerCodec.EXACT);
    }

    private static PlanPolicy policy(PlannerSettings planner) {
        return PlanPolicy.of(cluster(planner, 0.2));
    }

    private static ClusterSettings cluster(PlannerSettings planner, double leastGain) {
        return new ClusterSettings(
                planner,
                new RebalanceSettings(
                        true, leastGain, Duration.ofMinutes(2), Duration.ofSeconds(5), StandbyMode.WARM, true));
    }

    private static Constraints constraints(Duration maxLatency, double minThroughput, double maxEnergyJoules) {
        return policy(new PlannerSettings(
                        PlannerObjective.LATENCY,
                        PlannerScheme.AUTO,
                        3,
                        List.of(),
                        maxLatency,
                        minThroughput,
                        maxEnergyJoules,
                        PlannerCodec.EXACT))
                .constraints();
    }
}
