package dev.tandem.core.variant;

/**
 * What a place can do with some of the images within a time. Accuracies are gains: what is above the least accurate variant,
 * in the {@link Gains#unit()} of the problem.
 */
interface PlaceGains {

    /** Stands for images that are not done in time. */
    int NONE = -1;

    /** The largest sum of gains of so many images that are all done by then, or {@link #NONE}. */
    int most(int images, long deadlineNanos);

    /** How many images each variant gets, where {@link #most} has a figure. */
    int[] imagesByLevel(int images, long deadlineNanos);
}
