@NullMarked
package dev.linnet.manifests.gotemplate;

import org.jspecify.annotations.NullMarked;
