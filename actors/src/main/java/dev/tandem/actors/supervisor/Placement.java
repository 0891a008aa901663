package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.JobUnderWay.PlanFailed;
import dev.tandem.actors.supervisor.JobUnderWay.PlanMade;
import dev.tandem.actors.supervisor.JobUnderWay.RolloutEnded;
import dev.tandem.actors.supervisor.JobUnderWay.SurveyEnded;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.core.graph.TensorSpec;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanBudget;
import dev.tandem.core.planner.StoppableBudget;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * The way of an order into place: links are measured where need be, a plan is made, and rolled out. One order at a time. Used by
 * the supervisor's thread only.
 */
final class Placement {

    /** The rollout under way. */
    record Running(RolloutOrder order, ActorRef<Rollout.Event> rollout) {}

    private final ActorContext<Command> context;
    private final Supervisor.Limits limits;
    private final KnownMembers members;
    private final Planning planning;
    private final ActorRef<Rollout.Outcome> outcomes;
    private final ActorRef<GatewayMessages.Reply> gatewayReplies;
    private @Nullable Running running;
    /** Whether the links that the order may use have been measured for it. */
    private boolean isSurveyed;
    /** Of the last survey or plan that was asked for; not one of a supervisor before this one, which may still be answered. */
    private long number = System.nanoTime();

    /** Of the plan that is being made. */
    private @Nullable StoppableBudget budget;

    private boolean isSurveying;
    private boolean isUrgent;
    private PlanPolicy plannedBy;
    private long beginNanos;
    private long lastEpoch;

    /** @param gatewayReplies hears what gateways say of epochs later */
    Placement(
            ActorContext<Command> context,
            Supervisor.Limits limits,
            KnownMembers members,
            Planning planning,
            ActorRef<GatewayMessages.Reply> gatewayReplies) {
        this.context = context;
        this.limits = limits;
        this.members = members;
        this.planning = planning;
        this.plannedBy = planning.policy();
        this.gatewayReplies = gatewayReplies;
        this.outcomes = context.messageAdapter(Rollout.Outcome.class, RolloutEnded::new);
    }

    /** Epochs up to this one have been given; the next one is higher. */
    void sawEpoch(long epoch) {
        lastEpoch = Math.max(lastEpoch, epoch);
    }

    /**
     * Measuring takes seconds, which what was lost does not wait for: it makes do with what links were the last time, if it
     * can. Its last attempt measures. Who has decided a move has measured before.
     *
     * @param urgent whether something is lost, and any plan is better than a good one later
     */
    void begin(Job job, boolean urgent) {
        beginNanos = System.nanoTime();
        isUrgent = urgent;
        isSurveyed = false;
        boolean mayDoWithout = job.move().isPresent() || (job.recovers() && job.mayTryAgain());
        if (mayDoWithout && !members.nodes().isEmpty()) {
            plan(job);
        } else {
            survey(job);
        }
    }

    boolean isSurveyed() {
        return isSurveyed;
    }

    void survey(Job job) {
        isSurveyed = true;
        isSurveying = true;
        long asked = ++number;
        context.spawnAnonymous(LinkSurvey.create(
                members.unmeasured(job.deploy().gateway()),
                OneAnswer.to(
                        context,
                        (LinkSurvey.Surveyed surveyed) ->
                                new SurveyEnded(asked, job.deploy().gateway(), surveyed))));
    }

    /** Whether links are being measured for the order, which nothing that is lost may wait for. */
    boolean isSurveying() {
        return isSurveying;
    }

    /** Nobody waits for the survey any more, if there is one; what it measures is kept all the same. Returns whether there was. */
    boolean leaveSurvey() {
        boolean was = isSurveying;
        isSurveying = false;
        return was;
    }

    /** Keeps what was measured; returns whether it was waited for. */
    boolean endSurvey(SurveyEnded ended) {
        members.addMeasured(ended.surveyed(), ended.gateway());
        return ended.number() == number && leaveSurvey();
    }

    /** Whether other settings have come into force since the plan was asked for that is placed now. */
    boolean isOutdated() {
        return !plannedBy.plansLike(planning.policy());
    }

    /** Nobody waits for the plan any more that is being made, if there is one. Returns whether there was. */
    boolean leavePlanning() {
        StoppableBudget was = budget;
        budget = null;
        if (was != null) {
            was.stop();
        }
        return was != null;
    }

    /** Returns whether the answer to this question was waited for. */
    boolean endPlanning(long asked) {
        return asked == number && leavePlanning();
    }

    void plan(Job job) {
        long asked = ++number;
        StoppableBudget time = new StoppableBudget(isSurveyed ? PlanBudget.UNLIMITED : Planning.soon(isUrgent));
        budget = time;
        plannedBy = planning.policy();
        context.pipeToSelf(
                isSurveyed ? planning.answer(job, time) : planning.soonAnswer(job, time),
                (answer, failure) -> failure == null ? new PlanMade(asked, answer) : new PlanFailed(asked, failure));
    }

    /** What is to be put in place; empty when some node of the plan is not there any more. */
    Optional<RolloutOrder> order(Job job, PlanMaker.Answer answer, Plan plan) {
        return order(plan, answer.graph().inputs(), answer.graph().outputs(), job.deploy());
    }

    private Optional<RolloutOrder> order(
            Plan plan, List<TensorSpec> inputs, List<TensorSpec> outputs, SupervisorMessages.Deploy deploy) {
        return RolloutOrder.of(
                ++lastEpoch,
                plan,
                inputs,
                outputs,
                deploy,
                members.linksToHandOn(deploy.gateway()),
                limits.window(),
                gatewayReplies,
                members.nodes()::target);
    }

    /**
     * Leaves a plan to the gateway of what serves, for it to put in place if this supervisor and what serves are lost with the node;
     * returns whether all nodes of the plan are there.
     */
    boolean entrust(Served entry, String node, Plan plan) {
        RolloutOrder now = entry.order();
        Optional<RolloutOrder> instead = order(plan, now.inputs(), now.outputs(), entry.deploy());
        instead.ifPresent(order -> now.gateway()
                .tell(new GatewayMessages.Contingency(
                        now.epoch(),
                        node,
                        order.activation(List.of(), gatewayReplies),
                        limits.rolloutTimeout().toMillis())));
        return instead.isPresent();
    }

    /** Everything waits for the rollout, so that one which ends without a word has failed. */
    void rollOut(RolloutOrder order) {
        Behavior<Rollout.Event> behavior = Rollout.create(order, limits.rolloutTimeout(), outcomes);
        ActorRef<Rollout.Event> rollout = context.spawn(behavior, "rollout-" + order.epoch());
        context.watchWith(rollout, new RolloutEnded(new Rollout.Failed(order, "it ended without a word")));
        running = new Running(order, rollout);
        log(order, "is planned for " + String.join(", ", order.agents().keySet()));
    }

    private void log(RolloutOrder order, String what) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beginNanos);
        context.getLog()
                .info("epoch {} of {} {}; {} ms", order.epoch(), order.plan().model(), what, millis);
    }

    Optional<Running> running() {
        return Optional.ofNullable(running);
    }

    boolean isRolling(Predicate<RolloutOrder> which) {
        return running().filter(rollout -> which.test(rollout.order())).isPresent();
    }

    /** The rollout is told, if there is one. */
    void tell(Rollout.Event event) {
        running().ifPresent(rollout -> rollout.rollout().tell(event));
    }

    /** The rollout that has ended so, if it is the one under way: none is any more then. */
    Optional<Running> end(Rollout.Outcome outcome) {
        Optional<Running> ended = running()
                .filter(rollout -> rollout.order().epoch() == outcome.order().epoch());
        ended.ifPresent(rollout -> {
            context.unwatch(rollout.rollout());
            running = null;
        });
        if (outcome instanceof Rollout.Done) {
            ended.ifPresent(rollout -> log(rollout.order(), "serves"));
        }
        return ended;
    }
}
