// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.console.extensions.Extensions;
import org.nxvms.console.extensions.found.Description;
import org.nxvms.console.extensions.found.Extension;
import org.nxvms.console.extensions.found.Shelf;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;

/** {@code /api/v1/console/extensions}: see docs/design/rest.md. */
@Path("/")
@Server(url = ExtensionsResource.BASE)
@Tag(name = "Console extensions")
@Produces(MediaType.APPLICATION_JSON)
public final class ExtensionsResource {
    static final String BASE = "/api/v1/console/extensions";

    private final Supplier<Extensions> extensions;

    public ExtensionsResource(Supplier<Extensions> extensions) {
        this.extensions = extensions;
    }

    /** An extension, as far as its user may see it. */
    @Schema(name = "ConsoleExtension")
    public record ExtensionView(
            @Schema(example = "plates") String id,
            @Schema(description = "Symbolic name of the bundle that brings it", example = "org.example.plates")
                    String bundle,
            @Schema(example = "1.0.0") String version,
            @Schema(description = "Of the console's interface it was written for", example = "1.0") String apiVersion,
            @Schema(description = "Changes with any of its files", example = "0f1e2d3c4b5a6978") String hash,
            @Schema(
                            description = "Where its files are; what is there never changes",
                            example = "/console/ext/org.example.plates/0f1e2d3c4b5a6978/")
                    String base,
            @Schema(description = "Address of its module, which exports activate(host)") String entry,
            @Schema(description = "Key of its name in texts", example = "title") String title,
            @Schema(description = "By language, then by key; en is complete") Map<String, Map<String, String>> texts,
            List<ContributionView> contributes) {
        static ExtensionView of(Extension extension, Caller caller) {
            Description description = extension.description();
            return new ExtensionView(
                    description.id(),
                    extension.bundle(),
                    extension.version(),
                    description.apiVersion(),
                    extension.files().hash(),
                    extension.base(),
                    extension.base() + description.entry(),
                    description.title(),
                    description.texts(),
                    description.contributes().stream()
                            .filter(one -> may(one.requires(), caller))
                            .map(one -> ContributionView.of(one, extension))
                            .toList());
        }
    }

    /** One thing an extension adds to the console. */
    @Schema(name = "ConsoleContribution")
    public record ContributionView(
            @Schema(description = "Where in the console", example = "nav.page") String slot,
            @Schema(description = "What its module registers it by", example = "list") String name,
            @Schema(description = "Key of its title in texts", example = "title") Optional<String> title,
            @Schema(description = "Address of a picture") Optional<String> icon) {
        static ContributionView of(Description.Contribution one, Extension extension) {
            return new ContributionView(
                    one.slot(), one.name(), one.title(), one.icon().map(extension.base()::concat));
        }
    }

    /** A bundle whose extension is not shown. */
    @Schema(name = "RefusedConsoleExtension")
    public record RefusedView(
            @Schema(example = "org.example.plates") String bundle,
            @Schema(example = "1.0.0") String version,
            @Schema(
                            description = "A sentence for who wrote it",
                            example = "Its extension.json names plates.js as \"entry\", and there is no such file"
                                    + " beside it.")
                    String reason) {
        static RefusedView of(Shelf.Refused refused) {
            return new RefusedView(refused.bundle(), refused.version(), refused.reason());
        }
    }

    @GET
    @Requires({})
    @Operation(
            summary = "What plugins add to the console",
            description =
                    "Only what the caller has the rights for. The event console.extensions.changed says when it is"
                            + " worth reading again.")
    public Page<ExtensionView> list(@Context SecurityContext context) {
        Caller caller = Caller.of(context);
        return Page.whole(shelf().shown().stream()
                .filter(one -> may(one.description().requires(), caller))
                .map(one -> ExtensionView.of(one, caller))
                .toList());
    }

    @GET
    @Path("refused")
    @Requires(value = Permission.VIEW_CONFIGURATION, anywhere = true)
    @Operation(summary = "Bundles that bring something for the console which is not shown, and why")
    public Page<RefusedView> refused() {
        return Page.whole(shelf().refused().stream().map(RefusedView::of).toList());
    }

    private Shelf shelf() {
        return Absent.require(extensions.get(), "The list of console extensions")
                .shelf();
    }

    private static boolean may(Optional<List<Permission>> rights, Caller caller) {
        return rights.orElse(List.of()).stream().allMatch(caller::mayAnywhere);
    }
}
