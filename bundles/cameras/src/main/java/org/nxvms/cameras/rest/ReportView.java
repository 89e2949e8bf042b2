// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.nxvms.platform.api.camera.CameraReport;

/** What works on a camera and what does not. */
@Schema(name = "CameraReport")
public record ReportView(
        Instant taken,
        long durationMs,
        String driver,
        String driverVersion,
        ProbeView.Identity identity,
        List<CheckView> checks) {
    /** One thing that was tried. */
    @Schema(name = "CameraCheck")
    public record CheckView(
            @Schema(
                            description = "login, identity, main_stream, sub_stream, audio, or a control function",
                            example = "events")
                    String name,
            @Schema(
                            type = "string",
                            allowableValues = {"works", "limited", "fails", "absent", "unknown"})
                    String state,
            String seen,
            @Schema(description = "What to do; left out when there is nothing") Optional<String> advice) {}

    static ReportView of(CameraReport report) {
        return new ReportView(
                report.taken(),
                report.durationMs(),
                report.driver(),
                report.driverVersion(),
                ProbeView.Identity.of(report.identity()),
                report.checks().stream()
                        .map(check -> new CheckView(
                                check.name(),
                                check.state().name().toLowerCase(Locale.ROOT),
                                check.seen(),
                                Optional.of(check.advice()).filter(text -> !text.isEmpty())))
                        .toList());
    }
}
