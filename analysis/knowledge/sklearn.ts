/** Facts about scikit-learn, kept by hand because it ships no stubs; the classes are those of scikit-learn 1.9.1. */

import type { LibraryFacts } from "./library.js";
import { constructors, derived, lists, members, spread } from "./table.js";

const CLASSIFIERS = {
  "sklearn.calibration": "CalibratedClassifierCV",
  "sklearn.discriminant_analysis": "LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis",
  "sklearn.dummy": "DummyClassifier",
  "sklearn.ensemble":
    "AdaBoostClassifier BaggingClassifier ExtraTreesClassifier GradientBoostingClassifier HistGradientBoostingClassifier RandomForestClassifier StackingClassifier VotingClassifier",
  "sklearn.gaussian_process": "GaussianProcessClassifier",
  "sklearn.linear_model":
    "LogisticRegression LogisticRegressionCV PassiveAggressiveClassifier Perceptron RidgeClassifier RidgeClassifierCV SGDClassifier",
  "sklearn.model_selection": "FixedThresholdClassifier TunedThresholdClassifierCV",
  "sklearn.multiclass": "OneVsOneClassifier OneVsRestClassifier OutputCodeClassifier",
  "sklearn.naive_bayes": "BernoulliNB CategoricalNB ComplementNB GaussianNB MultinomialNB",
  "sklearn.neighbors": "KNeighborsClassifier NearestCentroid RadiusNeighborsClassifier",
  "sklearn.neural_network": "MLPClassifier",
  "sklearn.semi_supervised": "LabelPropagation LabelSpreading SelfTrainingClassifier",
  "sklearn.svm": "LinearSVC NuSVC SVC",
  "sklearn.tree": "DecisionTreeClassifier ExtraTreeClassifier",
};
const REGRESSORS = {
  "sklearn.compose": "TransformedTargetRegressor",
  "sklearn.cross_decomposition": "CCA PLSCanonical PLSRegression",
  "sklearn.dummy": "DummyRegressor",
  "sklearn.ensemble":
    "AdaBoostRegressor BaggingRegressor ExtraTreesRegressor GradientBoostingRegressor HistGradientBoostingRegressor RandomForestRegressor StackingRegressor VotingRegressor",
  "sklearn.gaussian_process": "GaussianProcessRegressor",
  "sklearn.isotonic": "IsotonicRegression",
  "sklearn.kernel_ridge": "KernelRidge",
  "sklearn.linear_model":
    "ARDRegression BayesianRidge ElasticNet ElasticNetCV GammaRegressor HuberRegressor Lars LarsCV Lasso LassoCV LassoLars LassoLarsCV LassoLarsIC LinearRegression " +
    "OrthogonalMatchingPursuit PassiveAggressiveRegressor PoissonRegressor QuantileRegressor RANSACRegressor Ridge RidgeCV SGDRegressor TheilSenRegressor TweedieRegressor",
  "sklearn.neighbors": "KNeighborsRegressor RadiusNeighborsRegressor",
  "sklearn.neural_network": "MLPRegressor",
  "sklearn.svm": "LinearSVR NuSVR SVR",
  "sklearn.tree": "DecisionTreeRegressor ExtraTreeRegressor",
};
const CLUSTERS = {
  "sklearn.cluster":
    "AffinityPropagation AgglomerativeClustering Birch BisectingKMeans DBSCAN HDBSCAN KMeans MeanShift MiniBatchKMeans OPTICS SpectralClustering",
  "sklearn.mixture": "BayesianGaussianMixture GaussianMixture",
  "sklearn.ensemble": "IsolationForest",
  "sklearn.neighbors": "LocalOutlierFactor",
  "sklearn.svm": "OneClassSVM",
  "sklearn.covariance": "EllipticEnvelope",
};
const TRANSFORMERS = {
  "sklearn.compose": "ColumnTransformer",
  "sklearn.decomposition":
    "DictionaryLearning FactorAnalysis FastICA IncrementalPCA KernelPCA LatentDirichletAllocation NMF PCA SparsePCA TruncatedSVD",
  "sklearn.feature_extraction": "DictVectorizer FeatureHasher",
  "sklearn.feature_extraction.text": "CountVectorizer HashingVectorizer TfidfTransformer TfidfVectorizer",
  "sklearn.feature_selection":
    "RFE RFECV SelectFromModel SelectKBest SelectPercentile SequentialFeatureSelector VarianceThreshold",
  "sklearn.impute": "IterativeImputer KNNImputer MissingIndicator SimpleImputer",
  "sklearn.manifold": "Isomap LocallyLinearEmbedding MDS SpectralEmbedding TSNE",
  "sklearn.pipeline": "FeatureUnion",
  "sklearn.preprocessing":
    "Binarizer FunctionTransformer KBinsDiscretizer LabelBinarizer LabelEncoder MaxAbsScaler MinMaxScaler MultiLabelBinarizer Normalizer OneHotEncoder " +
    "OrdinalEncoder PolynomialFeatures PowerTransformer QuantileTransformer RobustScaler SplineTransformer StandardScaler TargetEncoder",
  "sklearn.random_projection": "GaussianRandomProjection SparseRandomProjection",
};
/** They do what the estimators in them do. */
const AROUND_OTHERS = {
  "sklearn.model_selection": "GridSearchCV RandomizedSearchCV HalvingGridSearchCV HalvingRandomSearchCV",
  "sklearn.pipeline": "Pipeline",
};
const SPLITTERS =
  "GroupKFold GroupShuffleSplit KFold LeaveOneGroupOut LeaveOneOut LeavePGroupsOut LeavePOut PredefinedSplit RepeatedKFold RepeatedStratifiedKFold " +
  "ShuffleSplit StratifiedGroupKFold StratifiedKFold StratifiedShuffleSplit TimeSeriesSplit";
/** One number, however many classes there are. */
const SCORES =
  "accuracy_score adjusted_mutual_info_score adjusted_rand_score balanced_accuracy_score brier_score_loss calinski_harabasz_score cohen_kappa_score " +
  "completeness_score davies_bouldin_score fowlkes_mallows_score hamming_loss hinge_loss homogeneity_score log_loss matthews_corrcoef max_error " +
  "mutual_info_score ndcg_score normalized_mutual_info_score rand_score silhouette_score top_k_accuracy_score v_measure_score zero_one_loss";
/** One number, or an array of one for each class or output where an argument asks for it. */
const AVERAGED =
  "f1_score fbeta_score jaccard_score precision_score recall_score average_precision_score roc_auc_score";
const OF_OUTPUTS =
  "explained_variance_score mean_absolute_error mean_absolute_percentage_error mean_pinball_loss mean_squared_error mean_squared_log_error " +
  "median_absolute_error r2_score root_mean_squared_error";

const ALL = [CLASSIFIERS, REGRESSORS, CLUSTERS, TRANSFORMERS, AROUND_OTHERS];

export const SKLEARN = (): LibraryFacts => ({
  returns: [
    ...ALL.flatMap((it) => constructors(it)),
    ...constructors({ "sklearn.model_selection": SPLITTERS }),
    ...spread({
      "sklearn.base.BaseEstimator": {
        self: "fit partial_fit set_params set_output",
        dict: "get_params",
        "numpy.ndarray": "predict predict_proba predict_log_proba decision_function fit_predict score_samples",
        float: "score",
        "?": "transform fit_transform inverse_transform get_feature_names_out",
      },
      "sklearn.model_selection": {
        "numpy.ndarray": "cross_val_score cross_val_predict",
        "dict[str, ?]": "cross_validate",
      },
      "sklearn.model_selection.BaseCrossValidator": {
        "iterator[tuple[numpy.ndarray, numpy.ndarray]]": "split",
        int: "get_n_splits",
      },
      "sklearn.metrics": {
        float: `${SCORES} ${AVERAGED} ${OF_OUTPUTS} auc`,
        "numpy.ndarray": "confusion_matrix pairwise_distances",
        str: "classification_report",
        tuple: "roc_curve precision_recall_curve precision_recall_fscore_support",
      },
      "sklearn.metrics.pairwise": { "numpy.ndarray": "cosine_similarity euclidean_distances" },
      "sklearn.datasets": {
        "tuple[numpy.ndarray, numpy.ndarray]":
          "make_blobs make_circles make_classification make_gaussian_quantiles make_moons make_s_curve make_swiss_roll make_friedman1 make_friedman2 make_friedman3 make_regression",
        "?": "load_iris load_digits load_wine load_breast_cancer load_diabetes fetch_openml fetch_california_housing fetch_20newsgroups fetch_lfw_people",
      },
      "sklearn.pipeline": { "sklearn.pipeline.Pipeline": "make_pipeline" },
      "sklearn.compose": { "sklearn.compose.ColumnTransformer": "make_column_transformer" },
      "sklearn.base": { "?": "clone" },
      "sklearn.utils": { "?": "shuffle resample" },
    }),
  ],
  given: spread({
    "sklearn.metrics": {
      "average: ?; multi_class: ?": AVERAGED,
      "multioutput: ?": OF_OUTPUTS,
      "output_dict: ?": "classification_report",
    },
    // Of Gaussian processes and Bayesian models a pair.
    "sklearn.base.BaseEstimator": { "return_std: ?; return_cov: ?": "predict" },
    "sklearn.metrics.pairwise": { "dense_output: ?": "cosine_similarity" },
    "sklearn.datasets": {
      "return_centers: ?": "make_blobs",
      "coef: ?": "make_regression",
      "return_X_y: ?": "make_classification",
    },
  }),
  bases: derived({
    "sklearn.base.BaseEstimator": Object.fromEntries(
      ALL.flatMap((it) => Object.entries(it)).reduce(
        (all, [module, names]) => all.set(module, all.has(module) ? `${all.get(module)} ${names}` : names),
        new Map<string, string>(),
      ),
    ),
    "sklearn.model_selection.BaseCrossValidator": { "sklearn.model_selection": SPLITTERS },
  }),
  mutators: lists({
    "sklearn.base.BaseEstimator": "fit partial_fit fit_transform fit_predict set_params set_output",
  }),
  pure: members({
    "sklearn.metrics": `${SCORES} ${AVERAGED} ${OF_OUTPUTS} auc confusion_matrix classification_report`,
  }),
});

/** Attributes that hold an array once `fit` has run, whatever the estimator: those whose names nothing else has. */
export const FITTED_ARRAY =
  /_indices_$|^(?:coef_|dual_coef_|feature_importances_|labels_|support_|ranking_|row_labels_|column_labels_|cluster_centers_|components_)$/;
