package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages;
import dev.tandem.actors.gateway.GatewayMessages.Activate;
import dev.tandem.actors.gateway.GatewayMessages.Holdings;
import dev.tandem.actors.gateway.GatewayMessages.Outlook;
import dev.tandem.actors.node.NodeMessages;
import dev.tandem.actors.protocol.ClusterView;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.protocol.NodeReport;
import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.KnownNodes.KnownNode;
import dev.tandem.actors.supervisor.ServedEpochs.Served;
import dev.tandem.actors.supervisor.SupervisorMessages.Announce;
import dev.tandem.actors.supervisor.SupervisorMessages.AwaitNodes;
import dev.tandem.actors.supervisor.SupervisorMessages.Command;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import dev.tandem.actors.supervisor.SupervisorMessages.DescribeCluster;
import dev.tandem.actors.supervisor.SupervisorMessages.FramesLost;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import dev.tandem.actors.supervisor.SupervisorMessages.PeerLost;
import dev.tandem.actors.supervisor.SupervisorMessages.Register;
import dev.tandem.actors.supervisor.SupervisorMessages.Undeploy;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.core.cost.RuntimeCosts;
import dev.tandem.core.plan.Plan;
import dev.tandem.core.planner.PlanResult;
import dev.tandem.core.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's one supervisor, a singleton: knows the nodes and the links between them, has plans made, and puts them in
 * place. No request and no feature map passes through it.
 *
 * <p>Orders are carried out one after the other. What it knows it has from the nodes, which register again and again, and
 * from the gateways, which announce what they serve: a new incarnation takes over what is in place, and puts back what was
 * lost while there was none.
 */
public final class Supervisor extends AbstractBehavior<Command> {

    /** Until something that could not be put back is tried again, although no node has come. */
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(10);

    /** Name of the singleton. */
    public static final String NAME = "supervisor";

    /**
     * Bounds of a supervisor.
     *
     * @param rolloutTimeout until a rollout is given up
     * @param drainTimeout until an old epoch is retired although requests are still in it
     * @param settling for nodes to register with a new supervisor before what they should hold counts as lost
     * @param window requests in flight per edge, at least; plans with edges past several stages get more
     */
    public record Limits(
            Duration rolloutTimeout, Duration drainTimeout, Duration settling, int window, RuntimeCosts costs) {}

    /** The rollout under way. */
    private record Running(RolloutOrder order, ActorRef<Rollout.Event> rollout) {}

    private record AgentStopped(String node, ActorRef<NodeMessages.Step> agent) implements Command {}

    private record AskerGone(ActorRef<ClusterView> asker) implements Command {}

    private record PlanMade(PlanMaker.Answer answer) implements Command {}

    private record PlanFailed(String reason) implements Command {}

    private record RolloutEnded(Rollout.Outcome outcome) implements Command {}

    private record GatewaySaid(GatewayMessages.Reply reply) implements Command {}

    private record DrainOverdue(long epoch) implements Command {}

    private record Settled(long epoch) implements Command {}

    private record Resume(ActorRef<DataMessage> gateway) implements Command {}

    private record EndOfGateway(GatewayRef gateway) implements Command {}

    private final Limits limits;
    private final PlanMaker planMaker;
    private final ActorRef<Rollout.Outcome> rolloutOutcomes;
    private final ActorRef<GatewayMessages.Reply> gatewayReplies;
    private final KnownNodes nodes = new KnownNodes();
    private final KnownGateways gateways = new KnownGateways();
    private final KnownLinks links = new KnownLinks();
    private final NodeAwaiters awaiters = new NodeAwaiters();
    private final Interrupted interrupted = new Interrupted();
    private final DeployQueue queue = new DeployQueue();
    private final ServedEpochs epochs;
    private @Nullable Job current;
    /** Why the current job is no longer wanted; it still has to come to its end. */
    private @Nullable String withdrawn;

    private @Nullable Running running;
    private long lastEpoch;

    public static Behavior<Command> create(Limits limits) {
        return Behaviors.setup(context -> new Supervisor(context, limits));
    }

    private Supervisor(ActorContext<Command> context, Limits limits) {
        super(context);
        this.limits = limits;
        this.planMaker = new PlanMaker(limits.costs());
        this.epochs = new ServedEpochs(context.getSystem().ignoreRef());
        this.rolloutOutcomes = context.messageAdapter(Rollout.Outcome.class, RolloutEnded::new);
        this.gatewayReplies = context.messageAdapter(GatewayMessages.Reply.class, GatewaySaid::new);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Register.class, this::onRegister)
                .onMessage(PeerLost.class, this::onPeerLost)
                .onMessage(AgentStopped.class, this::onAgentStopped)
                .onMessage(FramesLost.class, lost -> onEpochFault(lost.epoch(), lost.reason()))
                .onMessage(DescribeCluster.class, this::onDescribe)
                .onMessage(AwaitNodes.class, this::onAwaitNodes)
                .onMessage(AskerGone.class, this::onAskerGone)
                .onMessage(Deploy.class, this::onDeploy)
                .onMessage(Announce.class, this::onAnnounce)
                .onMessage(Holdings.class, this::onHoldings)
                .onMessage(Settled.class, this::onSettled)
                .onMessage(Resume.class, this::onResume)
                .onMessage(LinkSurvey.Surveyed.class, this::onSurveyed)
                .onMessage(PlanMade.class, made -> onPlanMade(made.answer()))
                .onMessage(PlanFailed.class, failed -> refuse(failed.reason()))
                .onMessage(RolloutEnded.class, ended -> onRolloutEnded(ended.outcome()))
                .onMessage(GatewaySaid.class, said -> onGatewaySaid(said.reply()))
                .onMessage(DrainOverdue.class, this::onDrainOverdue)
                .onMessage(Undeploy.class, this::onUndeploy)
                .onMessage(EndOfGateway.class, this::onEndOfGateway)
                .build();
    }

    private Behavior<Command> onRegister(Register register) {
        if (nodes.isStale(register)) {
            return this;
        }
        NodeReport report = register.report();
        String name = report.node().id();
        Optional<KnownNode> before = nodes.put(register);
        lastEpoch = Math.max(lastEpoch, report.lastEpoch());
        if (before.filter(node -> node.agent().equals(register.agent())).isEmpty()) {
            links.forget(name);
            getContext().watchWith(register.agent(), new AgentStopped(name, register.agent()));
            getContext().getLog().info("node {} registered: {}", name, NodeText.of(report.node()));
            before.ifPresent(node -> {
                getContext().unwatch(node.agent());
                breakEpochsOn(name, "node " + name + " was lost: it has been started again");
            });
            answerAwaiting();
            interrupted.removeAll().forEach(deploy -> queue.addFirst(Job.recovery(deploy)));
            startNext();
        }
        return this;
    }

    private Behavior<Command> onDescribe(DescribeCluster describe) {
        describe.replyTo().tell(nodes.view());
        return this;
    }

    private Behavior<Command> onAwaitNodes(AwaitNodes await) {
        awaiters.add(await);
        getContext().watchWith(await.replyTo(), new AskerGone(await.replyTo()));
        answerAwaiting();
        return this;
    }

    private Behavior<Command> onAskerGone(AskerGone gone) {
        awaiters.remove(gone.asker());
        return this;
    }

    private void answerAwaiting() {
        awaiters.answer(nodes.view()).forEach(getContext()::unwatch);
    }

    private Behavior<Command> onDeploy(Deploy deploy) {
        queue.addLast(Job.ordered(deploy));
        startNext();
        return this;
    }

    private Behavior<Command> onAnnounce(Announce announce) {
        GatewayRef gateway = announce.gateway();
        lastEpoch = Math.max(lastEpoch, announce.newestEpoch());
        if (gateways.add(gateway)) {
            getContext().watchWith(gateway.gateway(), new EndOfGateway(gateway));
        }
        dropWhatIsGone(announce);
        boolean isNews = announce.inPlace().stream().anyMatch(epoch -> !isKnown(epoch))
                || (announce.isInterrupted()
                        && !isServedOrFollowed(gateway.gateway())
                        && !interrupted.contains(gateway.gateway()));
        if (isNews) {
            gateway.gateway().tell(new GatewayMessages.Recall(getContext().getSelf()));
        }
        startNext();
        return this;
    }

    private boolean isKnown(long epoch) {
        return epochs.contains(epoch) || (running != null && running.order().epoch() == epoch);
    }

    /** What a gateway has seen and holds no more was taken from it by the supervisor before this one. */
    private void dropWhatIsGone(Announce announce) {
        ActorRef<DataMessage> gateway = announce.gateway().gateway();
        epochs.of(gateway)
                .filter(entry -> entry.epoch() <= announce.newestEpoch()
                        && !announce.inPlace().contains(entry.epoch()))
                .ifPresent(
                        entry -> epochs.abandonServing(gateway, "the gateway holds it no more", Outlook.INTERRUPTED));
    }

    private Behavior<Command> onHoldings(Holdings holdings) {
        GatewayRef gateway = holdings.gateway();
        if (!gateways.contains(gateway.gateway())) {
            return this;
        }
        holdings.draining().forEach(held -> adopt(gateway, held));
        holdings.serving().ifPresent(held -> adopt(gateway, held));
        holdings.interrupted().ifPresent(origin -> interrupt(deploy(gateway, origin), limits.settling()));
        return this;
    }

    /** Goes on with an epoch that a supervisor before this one has put in place. */
    private void adopt(GatewayRef gateway, Activate held) {
        long epoch = held.epoch();
        if (isKnown(epoch)) {
            return;
        }
        getContext().getLog().info("epoch {} of {} is taken over", epoch, gateway.node());
        RolloutOrder order = RolloutOrder.of(held, gateway.gateway(), gatewayReplies);
        Deploy deploy = deploy(gateway, held.origin());
        Served served = new Served(deploy, order, getContext().spawn(Rollout.adopt(order), "adopted-" + epoch));
        epochs.adopt(served).ifPresent(this::awaitDrain);
        getContext().scheduleOnce(limits.settling(), getContext().getSelf(), new Settled(epoch));
    }

    /** Nothing serves what was ordered: it is tried again after that time, or when a node comes. */
    private void interrupt(Deploy deploy, Duration pause) {
        ActorRef<DataMessage> gateway = deploy.gateway().gateway();
        if (!isServedOrFollowed(gateway) && !interrupted.contains(gateway)) {
            interrupted.add(deploy);
            getContext().scheduleOnce(pause, getContext().getSelf(), new Resume(gateway));
        }
    }

    private Deploy deploy(GatewayRef gateway, GatewayMessages.Origin origin) {
        return new Deploy(
                origin.offer(),
                origin.order(),
                gateway,
                getContext().getSystem().ignoreRef());
    }

    /** All nodes have had time to register: those of the epoch that have not are lost. */
    private Behavior<Command> onSettled(Settled settled) {
        epochs.agents(settled.epoch()).entrySet().stream()
                .filter(agent -> !nodes.isAgent(agent.getKey(), agent.getValue()))
                .findFirst()
                .ifPresent(agent -> onEpochFault(
                        settled.epoch(), "node " + agent.getKey() + " was lost: the new supervisor does not know it"));
        return this;
    }

    private Behavior<Command> onResume(Resume resume) {
        interrupted.remove(resume.gateway()).ifPresent(deploy -> queue.addFirst(Job.recovery(deploy)));
        startNext();
        return this;
    }

    private void startNext() {
        if (current != null) {
            return;
        }
        Job next = queue.poll(gateways::contains);
        if (next != null) {
            current = next;
            List<LinkSurvey.Candidate> unknown =
                    links.unknown(nodes.probes(next.deploy().gateway()));
            getContext().spawnAnonymous(LinkSurvey.create(unknown, getContext().getSelf()));
        }
    }

    private Behavior<Command> onSurveyed(LinkSurvey.Surveyed surveyed) {
        Job job = current;
        if (job == null) {
            return this;
        }
        Set<String> places = nodes.probes(job.deploy().gateway()).keySet();
        surveyed.links().stream()
                .filter(link -> places.contains(link.from()) && places.contains(link.to()))
                .forEach(links::add);
        if (withdrawn != null) {
            return refuse(withdrawn);
        } else if (nodes.isEmpty()) {
            return refuse("the cluster has no nodes. Maybe start one with 'tandem node'.");
        }
        plan(job);
        return this;
    }

    private void plan(Job job) {
        Topology topology = nodes.topology(links.all());
        DeployOrder order = job.order(nodes.size(), topology.coreGroups().size());
        PlanMaker.Question question = new PlanMaker.Question(
                job.deploy().offer(), order, topology, job.deploy().gateway().node());
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(
                                () -> planMaker.answer(question),
                                getContext().getSystem().dispatchers().lookup(DispatcherSelector.blocking())),
                        (answer, failure) ->
                                failure == null ? new PlanMade(answer) : new PlanFailed(PlanMaker.reason(failure)));
    }

    private Behavior<Command> onPlanMade(PlanMaker.Answer answer) {
        Job job = current;
        if (job == null) {
            return this;
        } else if (withdrawn != null) {
            return refuse(withdrawn);
        } else if (answer.result() instanceof PlanResult.Refused refused) {
            return refuse(refused.reason());
        }
        Plan plan = ((PlanResult.Planned) answer.result()).plan();
        Optional<RolloutOrder> order = RolloutOrder.of(
                ++lastEpoch, plan, answer.graph(), job.deploy(), limits.window(), gatewayReplies, nodes::target);
        if (order.isPresent()) {
            running = new Running(order.get(), rollOut(order.get()));
        } else if (job.mayTryAgain()) {
            tryAgain(job);
        } else {
            return refuse("nodes are lost faster than plans are made. Maybe deploy again.");
        }
        return this;
    }

    private ActorRef<Rollout.Event> rollOut(RolloutOrder order) {
        return getContext()
                .spawn(Rollout.create(order, limits.rolloutTimeout(), rolloutOutcomes), "rollout-" + order.epoch());
    }

    private Behavior<Command> onRolloutEnded(Rollout.Outcome outcome) {
        Job job = current;
        Running ended = running;
        if (job == null
                || ended == null
                || ended.order().epoch() != outcome.order().epoch()) {
            return this;
        }
        running = null;
        if (outcome instanceof Rollout.Done) {
            replace(answered(job.deploy()), ended);
            queue.dropRecoveries(job.gateway());
            interrupted.remove(job.gateway());
            return end(
                    new DeployReply.Deployed(
                            ended.order().epoch(), ended.order().plan()),
                    "");
        } else if (outcome instanceof Rollout.Broken broken) {
            replace(job.deploy(), ended);
            epochs.abandonServing(job.gateway(), broken.reason(), Outlook.ANOTHER_FOLLOWS);
            return failed(job.asRecovery(), broken.reason());
        }
        return failed(job, ((Rollout.Failed) outcome).reason());
    }

    /** Only what is to be put back is tried again; who has ordered something decides for himself. */
    private Behavior<Command> failed(Job job, String reason) {
        getContext().getLog().warn("a rollout has failed: {}", reason);
        if (withdrawn == null && job.recovers() && job.mayTryAgain()) {
            tryAgain(job);
            return this;
        }
        return end(new DeployReply.RolloutFailed(reason), reason);
    }

    private Behavior<Command> refuse(String reason) {
        return end(new DeployReply.PlanRefused(reason), reason);
    }

    private void tryAgain(Job job) {
        current = null;
        queue.addFirst(job.again());
        startNext();
    }

    /** Ends the current job. A gateway that waits for it must hear when nothing will follow. */
    private Behavior<Command> end(DeployReply reply, String reason) {
        Job job = current;
        if (job != null) {
            current = null;
            job.deploy().replyTo().tell(reply);
            if (withdrawn != null) {
                epochs.abandonServing(job.gateway(), withdrawn, Outlook.OVER);
            } else if (!isServedOrFollowed(job.gateway())) {
                endInVain(job, reason);
            }
        }
        withdrawn = null;
        startNext();
        return this;
    }

    /** Who has ordered something hears that it failed; what was served before is not forgotten for it. */
    private void endInVain(Job job, String reason) {
        if (job.recovers()) {
            interrupt(answered(job.deploy()), RETRY_INTERVAL);
        }
        Outlook outlook = interrupted.contains(job.gateway()) ? Outlook.INTERRUPTED : Outlook.OVER;
        job.gateway().tell(new GatewayMessages.Abandon(0, reason, outlook));
    }

    private boolean isServedOrFollowed(ActorRef<DataMessage> gateway) {
        return epochs.of(gateway).isPresent()
                || queue.hasAnyFor(gateway)
                || (current != null && current.isFor(gateway));
    }

    private Deploy answered(Deploy deploy) {
        return new Deploy(
                deploy.offer(),
                deploy.order(),
                deploy.gateway(),
                getContext().getSystem().ignoreRef());
    }

    private void replace(Deploy deploy, Running by) {
        epochs.replace(new Served(deploy, by.order(), by.rollout())).ifPresent(this::awaitDrain);
    }

    private void awaitDrain(Served old) {
        getContext().scheduleOnce(limits.drainTimeout(), getContext().getSelf(), new DrainOverdue(old.epoch()));
    }

    private Behavior<Command> onGatewaySaid(GatewayMessages.Reply reply) {
        if (reply instanceof GatewayMessages.Faulty faulty) {
            return onEpochFault(faulty.epoch(), faulty.reason());
        }
        if (reply instanceof GatewayMessages.Drained drained) {
            epochs.drained(drained.epoch());
        }
        return this;
    }

    private Behavior<Command> onDrainOverdue(DrainOverdue overdue) {
        endDraining(overdue.epoch(), "it was not drained within " + limits.drainTimeout());
        return this;
    }

    private void endDraining(long epoch, String reason) {
        epochs.draining(epoch).ifPresent(entry -> endDraining(entry, reason));
    }

    private void endDraining(Served entry, String reason) {
        boolean another = isServedOrFollowed(entry.order().gateway());
        epochs.abandonDraining(entry, reason, another ? Outlook.ANOTHER_FOLLOWS : Outlook.OVER);
    }

    private Behavior<Command> onEpochFault(long epoch, String reason) {
        if (running != null && running.order().epoch() == epoch) {
            running.rollout().tell(new Rollout.Cancel(reason));
        }
        endDraining(epoch, reason);
        epochs.serving(epoch).ifPresent(broken -> recover(broken, reason));
        return this;
    }

    private Behavior<Command> onPeerLost(PeerLost lost) {
        if (isCredible(lost)) {
            String why = lost.reason() + " (said " + lost.reportedBy() + ")";
            if (nodes.isIncarnation(lost.peer(), lost.incarnation())) {
                lose(lost.peer(), why);
            } else {
                breakEpochsOn(lost.peer(), "node " + lost.peer() + " was lost: " + why);
            }
        }
        return this;
    }

    /** Reports can be late: from a member that was itself cut off, about a node before it started again, of a link unused. */
    private boolean isCredible(PeerLost lost) {
        boolean isKnown = nodes.contains(lost.reportedBy()) || gateways.isNamed(lost.reportedBy());
        Stream<Served> inPlace = epochs.all().stream();
        return isKnown
                && (inPlace.anyMatch(entry -> ties(entry.order(), entry.deploy(), lost))
                        || (running != null && current != null && ties(running.order(), current.deploy(), lost)));
    }

    private static boolean ties(RolloutOrder order, Deploy deploy, PeerLost lost) {
        return order.ties(lost.reportedBy(), deploy.gateway().node(), lost.peer(), lost.incarnation());
    }

    private Behavior<Command> onAgentStopped(AgentStopped stopped) {
        if (nodes.isAgent(stopped.node(), stopped.agent())) {
            lose(stopped.node(), "its agent has stopped");
        }
        return this;
    }

    private void lose(String name, String why) {
        nodes.remove(name).ifPresent(lost -> {
            String reason = "node " + name + " was lost: " + why;
            getContext().getLog().warn("{}", reason);
            getContext().unwatch(lost.agent());
            links.forget(name);
            breakEpochsOn(name, reason);
        });
    }

    /** What needs this node, as it was, cannot go on. */
    private void breakEpochsOn(String name, String reason) {
        if (running != null && running.order().uses(name)) {
            running.rollout().tell(new Rollout.Cancel(reason));
        }
        epochs.drainingWith(name).forEach(entry -> endDraining(entry, reason));
        epochs.servingWith(name).forEach(entry -> recover(entry, reason));
    }

    /** Takes a broken epoch out of service and plans again for those that are left. */
    private void recover(Served broken, String reason) {
        epochs.abandonServing(broken.order().gateway(), reason, Outlook.ANOTHER_FOLLOWS);
        queue.addFirst(Job.recovery(broken.deploy()));
        startNext();
    }

    private Behavior<Command> onUndeploy(Undeploy undeploy) {
        ActorRef<DataMessage> gateway = undeploy.gateway();
        long epoch = epochs.of(gateway).map(Served::epoch).orElse(0L);
        List<RolloutOrder> orders = epochs.orders(gateway);
        Optional.ofNullable(running)
                .map(Running::order)
                .filter(order -> order.gateway().equals(gateway))
                .ifPresent(orders::add);
        withdraw(gateway, "the model was withdrawn");
        getContext().spawnAnonymous(Retirement.create(orders, epoch, undeploy.replyTo()));
        return this;
    }

    private Behavior<Command> onEndOfGateway(EndOfGateway end) {
        gateways.remove(end.gateway());
        withdraw(end.gateway().gateway(), "the gateway has stopped");
        links.forget(end.gateway().node());
        return this;
    }

    /** Nothing that this gateway has ordered is wanted any more. */
    private void withdraw(ActorRef<DataMessage> gateway, String reason) {
        queue.remove(gateway).forEach(job -> job.deploy().replyTo().tell(new DeployReply.RolloutFailed(reason)));
        if (current != null && current.isFor(gateway)) {
            withdrawn = reason;
            Optional.ofNullable(running).ifPresent(now -> now.rollout().tell(new Rollout.Cancel(reason)));
        }
        epochs.drainingOf(gateway).forEach(entry -> endDraining(entry, reason));
        epochs.abandonServing(gateway, reason, Outlook.OVER);
        interrupted
                .remove(gateway)
                .ifPresent(deploy -> gateway.tell(new GatewayMessages.Abandon(0, reason, Outlook.OVER)));
    }
}
