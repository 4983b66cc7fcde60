@NullMarked
package dev.linnet.manifests.ingress;

import org.jspecify.annotations.NullMarked;
