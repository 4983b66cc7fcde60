@NullMarked
package dev.linnet.manifests.istio;

import org.jspecify.annotations.NullMarked;
