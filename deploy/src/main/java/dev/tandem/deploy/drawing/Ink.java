package dev.tandem.deploy.drawing;

import java.awt.Color;
import java.util.List;

/** Colours. Those of stages that follow each other differ in lightness as well as in hue. */
final class Ink {

    static final Color TEXT = new Color(0x1b1f24);
    static final Color FAINT_TEXT = new Color(0x57606a);
    static final Color LINE = new Color(0x8c959f);
    static final Color FAINT_LINE = new Color(0xd0d7de);
    static final Color BOX = new Color(0xf6f8fa);
    static final Color PAPER = Color.WHITE;
    /** What the gateway sends. */
    static final Color GATEWAY = new Color(0x57606a);

    static final List<Color> STAGES = List.of(
            new Color(0x1b4f72),
            new Color(0xf5b041),
            new Color(0x117a65),
            new Color(0xe6c229),
            new Color(0x7d3c98),
            new Color(0x5dade2),
            new Color(0xa93226),
            new Color(0x58d68d));

    private static final double DARK = 140;

    private Ink() {}

    /** @param stage counted through all lanes */
    static Color stage(int stage) {
        return STAGES.get(stage % STAGES.size());
    }

    /** What can be read on a colour. */
    static Color on(Color background) {
        return lightness(background) < DARK ? PAPER : TEXT;
    }

    /** From 0 to 255, as the eye weighs the colours. */
    static double lightness(Color color) {
        return 0.299 * color.getRed() + 0.587 * color.getGreen() + 0.114 * color.getBlue();
    }
}
