package dev.tandem.core.adapt;

/**
 * Whether a plan is to take another's place.
 *
 * @param reason with the figures, in words that go on after "it moves: " or "it stays: "
 */
public record MoveVerdict(boolean moves, String reason) {}
