// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.console.extensions.found.Extension;
import org.nxvms.console.extensions.found.ExtensionFiles;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * Answers GET and HEAD with files of extensions that are shown, for those who may see them; for others there is nothing,
 * as where nothing is. An address holds the hash of what it leads to: browsers keep it for good, but no cache between.
 */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(ExtensionsContext.SELECT)
@HttpWhiteboardServletPattern("/*")
public final class ExtensionServlet extends HttpServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private ExtensionsContext context;

    private static final long serialVersionUID = 1L;

    private static final String KEPT = "private, max-age=31536000, immutable";
    /**
     * For a file that is opened by itself: a picture runs nothing, a module none that is not of this server. A worker goes
     * by what comes with its module (Content Security Policy Level 3, 4.3), and talks to this server alone.
     */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:;"
                    + " style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private static final String PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
    private static final String PICTURES = "image/";

    private static final Pattern PATH = Pattern.compile("/([A-Za-z0-9._-]{1,200})/([0-9a-f]{16})/(.{1,200})");

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile Extensions extensions;

    /** In the place of the component runtime. */
    void services(AccessGuard guardNow, Extensions extensionsNow) {
        guard = guardNow;
        extensions = extensionsNow;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            AuthenticatedUser user = ServletAccess.authenticate(guard, request);
            send(file(request, user), response);
        } catch (ProblemException e) {
            ServletAccess.write(response, e.problem());
        }
    }

    private ExtensionFiles.Served file(HttpServletRequest request, AuthenticatedUser user) {
        Extensions all = Absent.require(extensions, "The list of console extensions");
        String path = Optional.ofNullable(request.getPathInfo()).orElse("");
        Matcher parts = PATH.matcher(path);
        return Optional.of(parts)
                .filter(Matcher::matches)
                .flatMap(known -> all.at(known.group(1), known.group(2)))
                .filter(extension -> sees(user, extension))
                .flatMap(extension -> extension.files().find(parts.group(3)))
                .orElseThrow(() -> Problem.notFound(
                                "There is no such file of a console extension, or not any more. Read the list again.")
                        .exception());
    }

    private boolean sees(AuthenticatedUser user, Extension extension) {
        AccessGuard now = Absent.require(guard, "The access guard");
        try {
            for (Permission right : extension.description().requires().orElse(List.of())) {
                now.requireAnywhere(user, right);
            }
            return true;
        } catch (AccessDeniedException no) {
            return false;
        }
    }

    private static void send(ExtensionFiles.Served file, HttpServletResponse response) throws IOException {
        try (InputStream in = file.content().openStream()) {
            response.setHeader(
                    "Content-Security-Policy",
                    file.type().startsWith(PICTURES) ? PICTURE_POLICY : CONTENT_SECURITY_POLICY);
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.setHeader("X-Frame-Options", "DENY");
            response.setHeader("Referrer-Policy", "same-origin");
            response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
            response.setHeader("Cache-Control", KEPT);
            response.setContentType(file.type());
            response.setContentLengthLong(file.bytes());
            in.transferTo(response.getOutputStream());
        }
    }
}
