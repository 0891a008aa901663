package dev.tandem.actors.supervisor;

import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.config.StandbyMode;
import dev.tandem.core.adapt.CoreGroupSpeeds;
import dev.tandem.core.adapt.MoveCost;
import dev.tandem.core.cost.Calibration;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.plan.Lane;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.plan.PlanScore;
import dev.tandem.core.planner.PlanBudget;
import dev.tandem.core.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** Has plans made as the cluster's settings have it, off the actor's thread. Used by the supervisor's thread only. */
final class Planning {

    /** Looking for divisions that are not cheap to find: enough for all on clusters of a few boards that are not very busy. */
    private static final Duration HASTE = Duration.ofMillis(300);

    /** For the loss of each node: nobody waits for it, but it takes time from what serves on the same machine. */
    private static final Duration AHEAD = Duration.ofMillis(400);

    private static final int MOST_AHEAD = 16;

    /** What serves until it is replaced may break meanwhile. */
    private static final Duration SOON = Duration.ofSeconds(3);

    private final KnownMembers members;
    private final ServedEpochs epochs;
    private final CoreGroupSpeeds speeds;
    private final RuntimeCosts costs;
    private final PlanMaker maker;
    private final Executor executor;
    private final Executor background;
    private final PlansAhead ahead = new PlansAhead();
    private PlanPolicy policy;

    /**
     * @param speeds of core groups, as they were watched
     * @param executor for work that takes long
     * @param background for such work that nobody waits for
     */
    Planning(
            KnownMembers members,
            ServedEpochs epochs,
            CoreGroupSpeeds speeds,
            RuntimeCosts costs,
            Executor executor,
            Executor background,
            PlanPolicy policy) {
        this.members = members;
        this.epochs = epochs;
        this.speeds = speeds;
        this.costs = costs;
        this.maker = new PlanMaker(costs);
        this.executor = executor;
        this.background = background;
        this.policy = policy;
    }

    PlanPolicy policy() {
        return policy;
    }

    /** What would be placed if a node were lost. */
    PlansAhead ahead() {
        return ahead;
    }

    RuntimeCosts costs() {
        return costs;
    }

    /** From now on plans are made by this. */
    void adopt(PlanPolicy other) {
        policy = other;
    }

    /** The speeds that plans are made with now. */
    Calibration calibration() {
        return calibration(policy);
    }

    private Calibration calibration(PlanPolicy other) {
        return other.rebalance().isEnabled()
                ? speeds.calibration(members.nodes().coreGroups(), System.nanoTime())
                : Calibration.NONE;
    }

    /** What to plan for a job, with the memory that the models of other gateways leave. */
    private PlanMaker.Question question(Job job, PlanPolicy by, Calibration calibration) {
        return question(job, by, calibration, node -> true);
    }

    /** The same as if only these nodes were there. */
    private PlanMaker.Question question(Job job, PlanPolicy by, Calibration calibration, Predicate<String> isThere) {
        PlanMaker.Question question = members.question(job, by, calibration, isThere);
        return question.on(MoveCost.left(epochs.plansOfOthers(job.deploy()), question.topology()));
    }

    /** Why there is no room for the plan beside what is in place for the job's gateway; empty where there is. */
    Optional<String> lack(Job job, Plan plan) {
        return lack(job, plan, epochs.plans(job.gateway()));
    }

    /** The same beside these plans of the gateway's. */
    Optional<String> lack(Job job, Plan plan, List<Plan> beside) {
        return MoveCost.lack(beside, plan, question(job, policy, calibration()).topology());
    }

    /** Why there is no room for the plan were just these in place, of whatever gateway; empty where there is. */
    Optional<String> lackBeside(Job job, Plan plan, List<Plan> all) {
        Topology whole =
                members.question(job, policy, calibration(), node -> true).topology();
        return MoveCost.lack(all, plan, whole);
    }

    /** A plan for the job with who is there now. */
    CompletableFuture<PlanMaker.Answer> answer(Job job, PlanBudget budget) {
        return answer(job, policy, budget);
    }

    /** For a plan that is needed soon rather than good. */
    static PlanBudget soon(boolean isUrgent) {
        return PlanBudget.of(isUrgent ? HASTE : SOON);
    }

    /** The same as far as it is found in time: what is not may be refused, and what was made ahead is good enough. */
    CompletableFuture<PlanMaker.Answer> soonAnswer(Job job, PlanBudget budget) {
        PlanMaker.Question question = question(job, policy, calibration());
        Optional<Plan> made = job.isFirstAttempt() && job.recovers()
                ? ahead.plan(job, policy, question.topology())
                : Optional.empty();
        return CompletableFuture.supplyAsync(() -> maker.answer(question, made, budget), executor);
    }

    /** A plan as it would be under other settings. */
    CompletableFuture<PlanMaker.Answer> answer(Job job, PlanPolicy other) {
        return answer(job, other, PlanBudget.UNLIMITED);
    }

    private CompletableFuture<PlanMaker.Answer> answer(Job job, PlanPolicy by, PlanBudget budget) {
        PlanMaker.Question question = question(job, by, calibration(by));
        return CompletableFuture.supplyAsync(() -> maker.answer(question, budget), executor);
    }

    /**
     * What would be planned if a node of the plan that serves were lost.
     *
     * @param others plans of the same gateway that are in place beside it
     */
    CompletableFuture<PlanMaker.Foresight> foresee(Served entry, List<Plan> others) {
        Job recovery = Job.recovery(entry.deploy());
        Calibration now = calibration();
        Map<String, PlanMaker.Question> without = new TreeMap<>();
        for (Lane lane : entry.order().plan().working()) {
            for (String node : lane.nodes()) {
                without.computeIfAbsent(node, lost -> question(recovery, policy, now, other -> !other.equals(lost)));
            }
        }
        without.remove(entry.deploy().gateway().node());
        PlanMaker.Prospect prospect = new PlanMaker.Prospect(
                question(recovery, policy, now),
                entry.order().plan(),
                entry.lostLanes(),
                without,
                others,
                policy.rebalance().standby() == StandbyMode.WARM);
        return CompletableFuture.supplyAsync(
                () -> maker.foresee(prospect, PlanBudget.of(AHEAD), MOST_AHEAD), background);
    }

    /** The plan that serves, and what would be asked with who is there now. */
    PlanMaker.Matter matter(Served entry, Calibration calibration) {
        return new PlanMaker.Matter(
                question(Job.ordered(entry.deploy()), policy, calibration),
                question(Job.recovery(entry.deploy()), policy, calibration),
                entry.order().plan());
    }

    /** What the plan that serves does now, beside what would be planned. */
    CompletableFuture<PlanMaker.Rating> rate(PlanMaker.Matter matter) {
        return CompletableFuture.supplyAsync(() -> maker.rate(matter), background);
    }

    /** What the plan that serves does where all core groups are as fast as they were measured. */
    CompletableFuture<PlanScore> scoreAsMeasured(Served entry) {
        PlanMaker.Question question = question(Job.ordered(entry.deploy()), policy.onAllNodes(), Calibration.NONE);
        return CompletableFuture.supplyAsync(
                () -> maker.score(question, entry.order().plan()), background);
    }
}
