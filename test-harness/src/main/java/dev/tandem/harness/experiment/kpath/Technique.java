package dev.tandem.harness.experiment.kpath;

/** What is compared. */
public enum Technique {
    /** The paper's algorithm, doing what it is meant to do. */
    K_PATH("k-path"),
    /** The paper's baseline: quickest link first, from every node. */
    GREEDY("greedy"),
    /** Random cuts that fit, on random nodes. */
    RANDOM("random"),
    /** The paper's algorithm as its code runs, with the partition of the first capacity kept for the others. */
    K_PATH_AS_CODED("k-path as coded"),
    /** Greedy as its code runs, with the partition of the first capacity kept for the others. */
    GREEDY_AS_CODED("greedy as coded"),
    /** Random as its code runs; pieces may exceed the capacity, so that it may not be a placement at all. */
    RANDOM_AS_CODED("random as coded");

    private final String label;

    Technique(String label) {
        this.label = label;
    }

    /** For tables and charts. */
    public String label() {
        return label;
    }
}
