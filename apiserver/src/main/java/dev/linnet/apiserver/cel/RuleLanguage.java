package dev.linnet.apiserver.cel;

import dev.cel.common.CelContainer;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.OptionalType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.compiler.CelCompilerLibrary;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeBuilder;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelRuntimeLibrary;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.cel.runtime.standard.AddOperator.AddOverload;
import java.util.List;
import java.util.stream.Stream;

/** CEL with what Kubernetes 1.33 adds to it. Made once, when the first rule is met. */
final class RuleLanguage {
    private static final CelOptions OPTIONS =
            CelOptions.current().enableHeterogeneousNumericComparisons(true).build();

    private static final List<RuleFunction> FUNCTIONS = Stream.of(
                    ListFunctions.all(),
                    RegexFunctions.all(),
                    UrlFunctions.all(),
                    QuantityFunctions.all(),
                    AddressFunctions.all(),
                    FormatFunctions.all(),
                    TextFormatting.all())
            .flatMap(List::stream)
            .toList();

    private static final List<CelFunctionDecl> DECLARATIONS =
            FUNCTIONS.stream().map(RuleFunction::declaration).toList();

    private static final List<CelCompilerLibrary> LIBRARIES = List.of(
            CelExtensions.strings(),
            CelExtensions.optional(),
            CelExtensions.sets(OPTIONS),
            CelExtensions.comprehensions());

    static final CelRuntime RUNTIME = runtime();

    private RuleLanguage() {}

    private static CelRuntime runtime() {
        CelRuntimeBuilder builder = CelRuntimeFactory.plannerRuntimeBuilder()
                .setOptions(OPTIONS)
                .setContainer(CelContainer.newBuilder().build())
                .setStandardFunctions(withoutSameness())
                .addLibraries(List.<CelRuntimeLibrary>of(
                        CelExtensions.strings(),
                        CelExtensions.optional(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.comprehensions()))
                .addFunctionBindings(Sameness.bindings());
        FUNCTIONS.forEach(function -> builder.addFunctionBindings(function.bindings()));
        return builder.build();
    }

    /** Equality, and the sum of lists, are Kubernetes' own. */
    private static CelStandardFunctions withoutSameness() {
        return CelStandardFunctions.newBuilder()
                .filterFunctions((function, overload) -> function != StandardFunction.EQUALS
                        && function != StandardFunction.NOT_EQUALS
                        && overload != AddOverload.ADD_LIST)
                .build();
    }

    /**
     * A compiler of rules about values of one type.
     *
     * @param optionalOld whether {@code oldSelf} is an optional value
     */
    static CelCompiler compiler(CelTypeProvider types, CelType self, boolean optionalOld) {
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(LIBRARIES)
                .addFunctionDeclarations(DECLARATIONS)
                .setTypeProvider(types)
                .addVar("self", self)
                .addVar("oldSelf", optionalOld ? OptionalType.create(self) : self)
                .build();
    }
}
