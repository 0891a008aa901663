package dev.tandem.actors.supervisor;

import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.core.cost.RuntimeCosts;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Has plans made as the cluster's settings have it, off the actor's thread. Used by the supervisor's thread only. */
final class Planning {

    private final KnownMembers members;
    private final PlanMaker maker;
    private final Executor executor;
    private PlanPolicy policy;

    /** @param executor for work that takes long */
    Planning(KnownMembers members, RuntimeCosts costs, Executor executor, PlanPolicy policy) {
        this.members = members;
        this.maker = new PlanMaker(costs);
        this.executor = executor;
        this.policy = policy;
    }

    PlanPolicy policy() {
        return policy;
    }

    /** From now on plans are made by this. */
    void adopt(PlanPolicy other) {
        policy = other;
    }

    /** A plan for the job with who is there now. */
    CompletableFuture<PlanMaker.Answer> answer(Job job) {
        return answer(job, policy);
    }

    /** A plan as it would be under other settings. */
    CompletableFuture<PlanMaker.Answer> answer(Job job, PlanPolicy other) {
        PlanMaker.Question question = members.question(job, other);
        return CompletableFuture.supplyAsync(() -> maker.answer(question), executor);
    }
}
