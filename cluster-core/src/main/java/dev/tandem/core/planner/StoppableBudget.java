package dev.tandem.core.planner;

import java.util.concurrent.atomic.AtomicBoolean;

/** Another budget that is spent as well when somebody says so, who may be any thread; what is renewed of it is stopped with it. */
public final class StoppableBudget implements PlanBudget {

    private final PlanBudget budget;
    private final AtomicBoolean isStopped;

    public StoppableBudget(PlanBudget budget) {
        this(budget, new AtomicBoolean());
    }

    private StoppableBudget(PlanBudget budget, AtomicBoolean isStopped) {
        this.budget = budget;
        this.isStopped = isStopped;
    }

    /** Nobody waits for the plan any more. */
    public void stop() {
        isStopped.set(true);
    }

    @Override
    public boolean isSpent() {
        return isStopped.get() || budget.isSpent();
    }

    @Override
    public PlanBudget renewed() {
        return new StoppableBudget(budget.renewed(), isStopped);
    }
}
