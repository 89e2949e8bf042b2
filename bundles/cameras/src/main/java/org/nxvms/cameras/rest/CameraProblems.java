// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import java.util.Locale;
import javax.ws.rs.core.Response;
import javax.ws.rs.ext.ExceptionMapper;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.rest.kit.jaxrs.Problems;
import org.nxvms.rest.kit.problem.Problem;

/** What can be wrong with a camera, as problems. */
public final class CameraProblems {
    /** Of 422, where a camera is asked. For the OpenAPI document. */
    static final String MEANING =
            "The camera cannot do it, or cannot be asked: a problem camera-unreachable, camera-auth,"
                    + " camera-protocol, camera-unsupported, camera-busy, camera-config or camera-driver-missing; or a field's"
                    + " value cannot work, which is named";

    private static final int UNPROCESSABLE = 422;
    private static final int BUSY_RETRY_SECONDS = 2;

    private CameraProblems() {}

    /** {@return that a device did not do what was asked}: {@code camera-unreachable}, {@code camera-auth} and so on. */
    public static Problem of(DriverException e) {
        DriverException.Kind kind =
                e.kind() == DriverException.Kind.CLOSED ? DriverException.Kind.UNREACHABLE : e.kind();
        String title =
                switch (kind) {
                    case UNREACHABLE -> "The camera cannot be reached";
                    case AUTH -> "The camera refuses the credentials";
                    case PROTOCOL -> "What answers is not such a camera";
                    case UNSUPPORTED -> "The camera uses what is not supported";
                    case BUSY -> "The camera cannot serve another client now";
                    case CONFIG -> "The camera's configuration cannot work";
                    default -> "The camera did not answer as expected";
                };
        if (kind == DriverException.Kind.NOT_FOUND) {
            return Problem.notFound(e.getMessage());
        }
        String name = "camera-" + kind.name().toLowerCase(Locale.ROOT);
        Problem problem = Problem.of(name, title, UNPROCESSABLE, e.getMessage());
        return kind == DriverException.Kind.BUSY ? problem.withRetryAfter(BUSY_RETRY_SECONDS) : problem;
    }

    /** {@return that nobody speaks the camera's protocol now} */
    public static Problem of(DriverMissingException e) {
        return Problem.of(
                "camera-driver-missing", "The camera's driver is not installed", UNPROCESSABLE, e.getMessage());
    }

    static final class OfDriver implements ExceptionMapper<DriverException> {
        @Override
        public Response toResponse(DriverException e) {
            return Problems.response(of(e));
        }
    }

    static final class OfMissingDriver implements ExceptionMapper<DriverMissingException> {
        @Override
        public Response toResponse(DriverMissingException e) {
            return Problems.response(of(e));
        }
    }

    /** Fields that cannot work, each with its sentence. */
    static final class OfConfiguration implements ExceptionMapper<InvalidCameraException> {
        @Override
        public Response toResponse(InvalidCameraException e) {
            return Problems.response(Problem.validation(e.fields()));
        }
    }
}
