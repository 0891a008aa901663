package dev.tandem.deploy.cli;

import dev.tandem.core.cost.ProfileFigures;
import dev.tandem.core.graph.ModelGraph;
import dev.tandem.deploy.wiring.ProfileJson;
import java.util.OptionalDouble;

/** What was measured, for people. */
record ProfileReport(ModelGraph graph, ProfileJson profile) {

    private static final String NONE = "-";
    private static final int FEW_SHARES = 4;
    private static final int MANY_SHARES = 8;

    void print(Terminal terminal) {
        TextTable table = TextTable.of(
                "core group",
                ">threads",
                ">model ms",
                ">spread",
                ">call ms",
                ">a cut ms",
                ">1/4 rate",
                ">1/8 rate",
                ">parts off",
                ">shares off");
        profile.groups().forEach(group -> row(table, group));
        table.print(terminal);
    }

    private void row(TextTable table, ProfileJson.Group group) {
        ProfileFigures figures = new ProfileFigures(graph, profile.profile(group));
        OptionalDouble cut = figures.medianCutSeconds();
        table.row(
                group.name(),
                Integer.toString(group.origin().threads()),
                Figures.millis(profile.profile(group).wholeSeconds()),
                percent(group.quality().spread()),
                Figures.millis(group.costs().secondsPerCall()),
                cut.isPresent() ? Figures.millis(cut.getAsDouble()) : NONE,
                rate(figures, FEW_SHARES),
                rate(figures, MANY_SHARES),
                percent(group.quality().segmentError()),
                percent(group.quality().shareError()));
    }

    private static String rate(ProfileFigures figures, int shares) {
        OptionalDouble efficiency = figures.shareEfficiency(shares);
        return efficiency.isPresent() ? percent(efficiency.getAsDouble()) : NONE;
    }

    private static String percent(double share) {
        return Figures.digits(share * 100) + " %";
    }
}
