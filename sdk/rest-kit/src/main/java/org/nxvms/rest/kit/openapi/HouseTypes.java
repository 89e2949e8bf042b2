// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.openapi;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.media.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;

/**
 * What Java types say that the generator of OpenAPI documents does not read: a component of a record is required unless
 * it is optional, since {@code rest.kit.json} writes and asks for all others. And each text has an example: the one of its
 * own annotation, or the house's for a field of that name ({@code examples.properties}).
 */
public final class HouseTypes implements ModelConverter {
    private static final Set<Class<?>> OPTIONAL =
            Set.of(Optional.class, OptionalInt.class, OptionalLong.class, OptionalDouble.class);
    private static final Properties WORDS = words();

    @Override
    public Schema<?> resolve(AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
        if (!chain.hasNext()) {
            return null;
        }
        Schema<?> schema = chain.next().resolve(type, context, chain);
        Class<?> raw = Json.mapper().constructType(type.getType()).getRawClass();
        if (schema != null && raw.isRecord()) {
            describe(raw, schema, context.getDefinedModels());
        }
        return schema;
    }

    @SuppressWarnings("rawtypes")
    private static void describe(Class<?> type, Schema<?> schema, Map<String, Schema> models) {
        String reference = schema.get$ref();
        String name = reference == null ? schema.getName() : reference.substring(reference.lastIndexOf('/') + 1);
        Schema<?> model = reference == null ? schema : models.get(name);
        if (model == null || model.getProperties() == null) {
            return;
        }
        List<String> required = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Schema<?> property = model.getProperties().get(component.getName());
            if (property != null && !OPTIONAL.contains(component.getType())) {
                required.add(component.getName());
            }
        }
        model.setRequired(required);
        model.getProperties().forEach((field, property) -> giveExample(name, field, property));
    }

    private static void giveExample(String model, String field, Schema<?> property) {
        if (property.getItems() != null) {
            if (property.getExample() instanceof String one) {
                property.getItems().setExample(one);
                property.setExample(null);
            }
            giveExample(model, field, property.getItems());
        } else if (property.getAdditionalProperties() instanceof Schema<?> value) {
            if (isAnything(value)) {
                property.setAdditionalProperties(true);
            }
            giveExample(model, field, value);
        } else if (isText(property) && property.getExample() == null) {
            String example = WORDS.getProperty(model + "." + field, WORDS.getProperty(field, "text"));
            property.setExample(example);
        }
    }

    /** What the generator makes of Java's {@code Object}, which may as well be a number. */
    private static boolean isAnything(Schema<?> value) {
        return "object".equals(value.getType())
                && value.get$ref() == null
                && value.getProperties() == null
                && value.getAdditionalProperties() == null;
    }

    private static boolean isText(Schema<?> property) {
        return "string".equals(property.getType())
                && property.getFormat() == null
                && (property.getEnum() == null || property.getEnum().isEmpty());
    }

    private static Properties words() {
        Properties words = new Properties();
        try (InputStream in = HouseTypes.class.getResourceAsStream("examples.properties")) {
            words.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return words;
    }
}
