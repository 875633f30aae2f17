// The modules of the pipeline page as one file, which `bench build` makes; where it has not, the page fetches them.
import "../pipeline/pipeline.js";
