package dev.tandem.harness.experiment.batch;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.core.variant.ShareStrategy;
import dev.tandem.core.variant.Shares;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BatchPlansTest {

    private static final int IMAGES = 40;
    private static final List<BatchPlans.Planned> PLANNED =
            BatchPlans.of(BatchPlans.cells("bed", 1), Samples.DECLARED, Samples.RATES, IMAGES);

    @Test
    void sharesEveryBatchByEveryStrategyAndByTandemInItsPlace() {
        assertThat(PLANNED).hasSize(BatchDemand.values().length * (2 * BatchPlans.STRATEGIES.size() - 1));
        assertThat(PLANNED).allSatisfy(planned -> assertThat(planned.shares().lanes().stream()
                        .mapToInt(Shares.Lane::images)
                        .sum())
                .isEqualTo(IMAGES));
    }

    @Test
    void tandemKeepsBothRequirementsWhereverAnotherDoes() {
        Map<BatchDemand, BatchPlans.Planned> tandem = PLANNED.stream()
                .filter(planned -> planned.which().strategy() == ShareStrategy.TANDEM)
                .collect(Collectors.toMap(planned -> planned.which().demand(), planned -> planned));

        assertThat(PLANNED)
                .filteredOn(planned -> planned.shares().meets(planned.request()))
                .isNotEmpty()
                .allSatisfy(planned -> assertThat(
                                requireNonNull(tandem.get(planned.which().demand()))
                                        .shares()
                                        .meets(planned.request()))
                        .isTrue());
    }

    @Test
    void tandemInPlaceOfAnotherIsAsAccurateAndNoSlower() {
        Map<BatchTrial.Cell, BatchPlans.Planned> byCell =
                PLANNED.stream().collect(Collectors.toMap(BatchPlans.Planned::which, planned -> planned));

        assertThat(PLANNED).filteredOn(planned -> planned.which().byTandem()).allSatisfy(instead -> {
            BatchTrial.Cell cell = instead.which();
            Shares other = requireNonNull(byCell.get(
                            new BatchTrial.Cell(cell.bed(), cell.demand(), cell.strategy(), false, cell.round())))
                    .shares();
            assertThat(instead.shares().accuracySum()).isGreaterThanOrEqualTo(other.accuracySum());
            assertThat(instead.shares().nanos()).isLessThanOrEqualTo(other.nanos());
        });
    }
}
