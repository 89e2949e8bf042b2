// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** The one way JSON is read and written. Stateless, any thread. */
public final class Json {
    /** Larger bodies are refused; no request of ours needs more. */
    public static final int BODY_BYTES_MAX = 1 << 20;

    /** Nothing of ours nests deeper than a handful. */
    private static final int NESTING_MAX = 64;

    /** As many as Jackson's own. */
    private static final int TYPES_MAX = 200;

    private static final int TYPES_FIRST = 16;

    private static final ObjectMapper MAPPER = build();

    private Json() {}

    /** {@return the shared mapper; must not be reconfigured} */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /**
     * Reads a request body. It is never null.
     *
     * @throws org.nxvms.rest.kit.problem.ProblemException naming the field that is wrong
     * @throws IOException when the connection failed
     */
    public static Object readBody(InputStream body, Type type) throws IOException {
        JavaType target = MAPPER.constructType(type);
        byte[] bytes;
        try (LimitedInput limited = new LimitedInput(body, BODY_BYTES_MAX)) {
            bytes = limited.readAllBytes();
        }
        try {
            Object value = MAPPER.readerFor(target).readValue(bytes);
            if (value == null) {
                throw Problem.malformed("body", "The body is null. Send one JSON object.")
                        .exception();
            }
            return value;
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            ProblemException problem = BodyProblems.of(e);
            throw BodyProblems.isMissing(e) ? unknownField(bytes, target).orElse(problem) : problem;
        }
    }

    /**
     * A record that lacks something is refused before what it does not know is looked at; a name that was mistyped is both, and the
     * mistyped one is what helps.
     */
    private static Optional<ProblemException> unknownField(byte[] bytes, JavaType target) {
        Set<String> known = new TreeSet<>();
        MAPPER.getDeserializationConfig()
                .introspect(target)
                .findProperties()
                .forEach(property -> known.add(property.getName()));
        try {
            Iterator<String> names = MAPPER.readTree(bytes).fieldNames();
            while (names.hasNext()) {
                String name = names.next();
                if (!known.contains(name)) {
                    return Optional.of(BodyProblems.unknown(name, known).exception());
                }
            }
        } catch (IOException unreadable) {
            // There is more wrong with it, behind what is missing.
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static ObjectMapper build() {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(NESTING_MAX)
                        .maxStringLength(BODY_BYTES_MAX)
                        .maxNumberLength(100)
                        .maxNameLength(256)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .build();
        LookupCache<Object, JavaType> types = new LRUMap<>(TYPES_FIRST, TYPES_MAX);
        JsonMapper mapper = JsonMapper.builder(factory)
                // Jackson's own cache of types is one for all bundles, and would keep the classes of those that have
                // gone.
                .typeFactory(TypeFactory.defaultInstance().withCache(types))
                .addModule(new HouseModule())
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.USE_DEFAULTS))
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .build();
        for (Class<?> type : List.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class)) {
            mapper.configOverride(type)
                    .setInclude(
                            JsonInclude.Value.construct(JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_EMPTY));
        }
        return mapper;
    }
}
