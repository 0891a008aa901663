package dev.tandem.core.variant;

/**
 * Ways to share a batch and choose variants.
 *
 * <p>Those that are compared with follow what Taufique et al., ASP-DAC 2024 (arXiv 2310.10157), known from its abstract only,
 * was compared with and does. Certain: shares that follow how fast each node is, and an accuracy level for each node, chosen
 * together for a required performance and accuracy. Reconstructed: all else, in particular one level per node, all
 * combinations of levels tried, and shares in proportion to the rates at these levels, rounded to whole images by the
 * largest remainders; rates count transfers, which favours what is reconstructed.
 */
public enum ShareStrategy {
    /** As many images everywhere, all by the most accurate variant. */
    UNIFORM("uniform"),
    /** In proportion to rates, all by the most accurate variant. */
    PROPORTIONAL("proportional"),
    /** As many images everywhere, the best combination of variants, one for each place. */
    UNIFORM_APPROXIMATED("uniform + approximation"),
    /** In proportion to rates, the best combination of variants, one for each place: ASP-DAC'24 as reconstructed. */
    PROPORTIONAL_APPROXIMATED("proportional + approximation"),
    /** Ideal shares, the best combination of variants, one for each place: what is best without lanes of two variants. */
    ONE_VARIANT_EACH("one variant each, ideal shares"),
    /** Any number of images by any variant anywhere: exact. */
    TANDEM("Tandem");

    private final String label;

    ShareStrategy(String label) {
        this.label = label;
    }

    /** For people. */
    public String label() {
        return label;
    }

    /**
     * What it can make of a batch.
     *
     * @throws IllegalArgumentException if the batch is too large for it
     */
    public ShareSearch search(ShareProblem problem) {
        return switch (this) {
            case UNIFORM -> EnumeratedShares.mostAccurateOnly(problem, Apportionment.EVEN);
            case PROPORTIONAL -> EnumeratedShares.mostAccurateOnly(problem, Apportionment.PROPORTIONAL);
            case UNIFORM_APPROXIMATED -> EnumeratedShares.allLevels(problem, Apportionment.EVEN);
            case PROPORTIONAL_APPROXIMATED -> EnumeratedShares.allLevels(problem, Apportionment.PROPORTIONAL);
            case ONE_VARIANT_EACH -> ExactShares.oneVariantEach(problem);
            case TANDEM -> ExactShares.anyLanes(problem);
        };
    }
}
