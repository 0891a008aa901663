package dev.tandem.inference.zoo;

/**
 * Published size and work of an architecture at batch 1 and its usual resolution, as its source prints them (rounded or
 * not).
 *
 * @param parameters comparable with {@link ZooCounts#parameters()}
 * @param multiplyAdds comparable with {@link ZooCounts#weightMultiplyAdds()}
 * @param source where the figures are printed, and by which rule they differ from the plain count
 */
public record PublishedFigures(long parameters, long multiplyAdds, String source) {}
