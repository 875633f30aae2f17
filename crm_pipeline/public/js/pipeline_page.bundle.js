// The modules of the pipeline page as one file, which `bench build` makes; where it has not, the page fetches them.
import "../pipeline/pipeline.js";
import { Activities } from "../pipeline/activities.js";
import { Dialogs } from "../pipeline/dialogs/index.js";
import { Forecast } from "../pipeline/forecast.js";
import { provide } from "../pipeline/lazy.js";
import { List } from "../pipeline/list.js";
import { Panel } from "../pipeline/panel.js";

provide({ Activities, Dialogs, Forecast, List, Panel });
